import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { folderStore } from '../src/vault/folder.ts'

/** What a crash of the machine may take back is synced: the bytes before the rename, and the folders after it. */

const calls = vi.hoisted(() => ({ made: [] as string[], root: '', paths: new Map<number, string>() }))

vi.mock('node:fs', async original => {
  const fs = await original<typeof import('node:fs')>()
  return {
    ...fs,
    openSync(path: string, ...rest: [never]) {
      const descriptor = fs.openSync(path, ...rest)
      calls.paths.set(descriptor, path)
      return descriptor
    },
    fsync(descriptor: number, done: (error: Error | null) => void) {
      calls.made.push(`sync ${calls.paths.get(descriptor)}`)
      fs.fsync(descriptor, done)
    },
    renameSync(from: string, to: string) {
      calls.made.push(`rename to ${to}`)
      fs.renameSync(from, to)
    },
  }
})

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'syncs-'))
  calls.made = []
})
afterEach(() => rm(dir, { recursive: true }))

/** Without the folder of the test, and the random names of temporary files. */
const made = () =>
  calls.made.map(call => {
    const [, verb, path = ''] = /^(sync|rename to) (.*)$/.exec(call) ?? []
    return `${verb} ${(relative(dir, path) || '.').replace(/tmp\/.*/, 'tmp/*')}`
  })

test('a file in a new vault', async () => {
  await folderStore(join(dir, 'vault')).put('packs/1', Buffer.from('x'))
  const [first, second, ...folders] = made()
  expect([first, second]).toEqual(['sync vault/tmp/*', 'rename to vault/packs/1'])
  // Each folder that has a new entry, and the one that the vault is in.
  expect(folders.sort()).toEqual(['sync .', 'sync vault', 'sync vault/packs'])
})

test.each([
  ['put', (store: ReturnType<typeof folderStore>) => store.put('builds/1', Buffer.from('y'))],
  ['update', (store: ReturnType<typeof folderStore>) => store.update('builds/1', () => Buffer.from('y'))],
])('a file that is replaced: %s', async (_, replace) => {
  const store = folderStore(join(dir, 'vault'))
  await store.put('builds/1', Buffer.from('x'))
  calls.made = []
  await replace(store)
  expect(made()).toEqual(['sync vault/tmp/*', 'rename to vault/builds/1', 'sync vault/builds'])
})
