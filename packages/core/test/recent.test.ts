import { setImmediate as nextTurn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { createRecent } from '../src/vault/recent.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Frees bytes that are no longer referenced. */
async function forget(): Promise<void> {
  await nextTurn() // What a WeakRef was made of, or gave back, stays until then.
  collectGarbage()
}

function counted(limit: number) {
  const made: string[] = []
  const recent = createRecent(limit)
  const get = (name: string) =>
    recent.get(name, () => {
      made.push(name)
      return Buffer.alloc(10, name)
    })
  return { made, get }
}

test('bytes are made once while they are among the most recent, and held up to the limit', async () => {
  const { made, get } = counted(25)
  get('a')
  get('b')
  await forget()
  get('a')
  expect(made).toEqual(['a', 'b'])
  get('c')
  await forget()
  get('b')
  expect(made).toEqual(['a', 'b', 'c'])
  get('a')
  expect(made).toEqual(['a', 'b', 'c', 'a'])
})

test('bytes beyond the limit are shared while a caller holds them, and are not kept', async () => {
  const { made, get } = counted(5)
  const held = get('a')
  get('b')
  await forget()
  expect(get('a')).toBe(held)
  get('b')
  expect(made).toEqual(['a', 'b', 'b'])
})
