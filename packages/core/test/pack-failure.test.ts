import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { folderStore } from '../src/vault/folder.ts'
import { createPack } from '../src/vault/pack.ts'
import type { Store } from '../src/vault/store.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pack-'))
})
afterEach(() => rm(dir, { recursive: true }))

const artifact = (name: string) => ({
  path: name,
  debugId: name,
  code: Buffer.from(name),
  map: Buffer.from(`{"${name}":1}`),
})

test.each(['append', 'commit'] as const)(
  'after an %s on a full disk, nothing is said to be stored',
  async operation => {
    const store = folderStore(dir)
    let isFull = true
    const filling: Store = {
      ...store,
      create(key) {
        const writer = store.create(key)
        const fail = async () => {
          throw new Error('ENOSPC: no space left on device')
        }
        return isFull ? { ...writer, [operation]: fail } : writer
      },
    }
    const pack = createPack(filling)
    const storeOne = async () => {
      await pack.put(artifact('a.js'))
      await pack.commit()
    }
    await expect(storeOne()).rejects.toThrow('ENOSPC')
    isFull = false
    await expect(pack.commit()).rejects.toThrow('ENOSPC')
    await expect(pack.put(artifact('b.js'))).rejects.toThrow('ENOSPC')
  },
)
