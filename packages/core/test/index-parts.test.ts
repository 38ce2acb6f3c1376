import { expect, test } from 'vitest'
import type { BuildRecord } from '../src/types.ts'
import { openBuilds } from '../src/vault/builds.ts'
import { recordBytes, recordKey } from '../src/vault/records.ts'
import type { Store } from '../src/vault/store.ts'
import { createVault } from '../src/vault/vault.ts'
import { memoryStore } from './memory-store.ts'

/** Few builds may have many files: what a reader fetches of the index does not grow with them. */

const idOf = (build: number, file: number) =>
  `00000000-0000-8000-${String(build).padStart(4, '0')}-${String(file).padStart(12, '0')}`

function recordOf(build: number, fileCount: number): BuildRecord {
  const createdAt = new Date(Date.parse('2026-01-01T00:00:00Z') + build * 60_000).toISOString()
  const code = { sha256: '0'.repeat(64), size: 1, pack: 'p', offset: 0, length: 1, crc32: 0 }
  const files = Array.from({ length: fileCount }, (_, file) => ({
    path: `${build}/${file}.js`,
    outDir: 'dist',
    debugId: idOf(build, file),
    code,
  }))
  const id = `${createdAt.replace(/[-:.]/g, '')}-${String(build).padStart(8, '0')}`
  return { id, version: 1, createdAt, files, deliveries: {} }
}

/** A store that counts the bytes of the index that are read from it. */
function measured(store: Store): { store: Store; taken(): number } {
  let bytes = 0
  const get: Store['get'] = async (key, range) => {
    const found = await store.get(key, range)
    if (key.startsWith('index/')) bytes += found?.length ?? 0
    return found
  }
  return { store: { ...store, get }, taken: () => bytes }
}

async function readBytes(fileCount: number): Promise<number> {
  const builds = 20
  const bare = memoryStore()
  for (let build = 0; build < builds; build++) {
    const record = recordOf(build, fileCount)
    await bare.put(recordKey(record.id), recordBytes(record))
  }
  await createVault(bare).index()
  const { store, taken } = measured(bare)
  const opened = await openBuilds(createVault(store))
  for (const wanted of [idOf(0, 0), idOf(11, fileCount - 1), idOf(19, 7)]) {
    const found: string[] = []
    for await (const { files } of opened.withId(wanted, undefined))
      found.push(...files.filter(({ debugId }) => debugId === wanted).map(({ path }) => path))
    expect(found).toHaveLength(1)
  }
  for await (const build of opened.withId(idOf(20, 0), undefined)) expect.fail(build.id)
  return taken()
}

test('a part of the index with few builds of many files is read in parts', async () => {
  const [few, many] = [await readBytes(2000), await readBytes(8000)]
  expect(many).toBeLessThan(few * 1.5)
})
