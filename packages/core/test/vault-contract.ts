import * as zlib from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Artifact, BlobRef, BuildRecord, FileRecord, Vault } from '../src/types.ts'
import type { Store } from '../src/vault/store.ts'
import { createVault } from '../src/vault/vault.ts'

/** What a vault promises on any store. `open` gives an empty store; with the same `name`, the same one. */
export function vaultContract(open: (name?: string) => Promise<Store>): void {
  describe('a vault', () => {
    test('gives back what was put in', async () => {
      const vault = createVault(await open())
      const record = await build(vault, '1', ['a', 'b'])
      const artifacts = []
      for await (const { gzip, path, debugId, code, map } of vault.artifacts(record)) {
        if (gzip) expect([zlib.gunzipSync(gzip.code), zlib.gunzipSync(gzip.map ?? '')]).toEqual([code, map])
        expect(gzip === undefined, 'in zstd where Node has it').toBe('zstdCompress' in zlib)
        artifacts.push({ path, debugId, code: `${code}`, map: `${map}` })
      }
      expect(artifacts.sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual(
        ['a', 'b'].map(text => ({ ...artifact(text), code: `code of ${text}`, map: `map of ${text}` })),
      )
      expect(await vault.records()).toEqual([record])
    })

    test('keeps equal bytes of one build after the other once', async () => {
      const store = await open()
      const vault = createVault(store)
      const first = await build(vault, '1', ['a', 'b'])
      const second = await build(vault, '2', ['a', 'c'])
      const third = await build(vault, '3', ['a', 'c'])
      expect(second.files[0]?.map).toEqual(first.files[0]?.map)
      expect(third.files).toEqual(second.files)
      expect(await packs(store)).toHaveLength(2)
    })

    test('neighbours of a damaged place are still read', async () => {
      const store = await open()
      const vault = createVault(store)
      const record = await build(vault, '1', ['a', 'b'])
      const { code } = record.files[0] as (typeof record.files)[0]
      const bytes = (await store.get(`packs/${code.pack}`)) as Buffer
      bytes[code.offset + 12] = (bytes[code.offset + 12] as number) ^ 1
      await store.put(`packs/${code.pack}`, bytes)
      await expect(vault.read(code)).rejects.toThrow(/is damaged/)
      expect(`${await vault.read(record.files[1]?.code as typeof code)}`).toBe('code of b')
    })

    test('a truncated pack is not referred to again, and one that is whole is', async () => {
      const store = await open()
      const vault = createVault(store)
      const [first, second] = [await build(vault, '1', ['a']), await build(vault, '2', ['a', 'b'])]
      const [old, cut] = [first.files[0]?.code, second.files[1]?.code] as [BlobRef, BlobRef]
      const bytes = (await store.get(`packs/${cut.pack}`)) as Buffer
      await store.put(`packs/${cut.pack}`, bytes.subarray(0, -1))
      const third = await build(vault, '3', ['a', 'b'])
      expect(third.files[0]?.code).toEqual(old)
      expect(third.files[1]?.code.pack).not.toBe(cut.pack)
      const read = []
      for await (const { code } of vault.artifacts(third)) read.push(`${code}`)
      expect(read).toEqual(['code of a', 'code of b'])
    })

    test('what was damaged at its full size is stored again where reading is cheap', async () => {
      const store = await open()
      const vault = createVault(store)
      const [first] = (await build(vault, '1', ['a', 'b'])).files as [FileRecord, FileRecord]
      const { code } = first
      const bytes = (await store.get(`packs/${code.pack}`)) as Buffer
      bytes[code.offset + 12] = (bytes[code.offset + 12] as number) ^ 1
      await store.put(`packs/${code.pack}`, bytes)
      const second = await build(vault, '2', ['a', 'b'])
      expect(second.files.map(file => file.code.pack === code.pack)).toEqual([!store.isLocal, true])
      if (store.isLocal) expect(`${await vault.read(second.files[0]?.code as BlobRef)}`).toBe('code of a')
    })

    test('finds one record, and one that cannot be read names itself', async () => {
      const store = await open()
      const vault = createVault(store)
      const record = await build(vault, '1', ['a'])
      expect([await vault.find('1'), await vault.find('2')]).toEqual([record, undefined])
      await store.put('builds/1.json', Buffer.from('{"version":1'))
      const named = `${store.location}/builds/1.json cannot be read as a build record: `
      await expect(vault.find('1')).rejects.toThrow(named)
      // The index says which packs it needs.
      expect(await createVault(later(store)).prune(1)).toEqual([])
      expect(await packs(store)).toHaveLength(1)
    })

    test('a build refers to few packs, so that old ones can go', async () => {
      const vault = createVault(await open())
      const texts = Array.from({ length: 20 }, (_, index) => `text ${index}`)
      let record: BuildRecord | undefined
      for (const count of texts.keys())
        record = await build(vault, String(count).padStart(2, '0'), texts.slice(0, count + 1))
      expect(new Set(record?.files.map(({ code }) => code.pack)).size).toBeLessThanOrEqual(8)
    })

    test('what is put is not there before it is committed, and after that more may follow', async () => {
      const store = await open()
      const pack = createVault(store).newPack()
      const { code } = await pack.put(artifact('a'))
      expect(await packs(store)).toEqual([])
      await pack.commit()
      expect(await packs(store)).toEqual([`packs/${code.pack}`])
      expect((await pack.put(artifact('a'))).code).toEqual(code)
      await pack.put(artifact('b'))
      await pack.discard()
      expect(await packs(store)).toHaveLength(1)
    })

    test('lists records newest first, and replaces one whole', async () => {
      const vault = createVault(await open())
      for (const id of ['2', '1', '3']) await build(vault, id, ['a'])
      await vault.record({
        ...((await vault.records())[1] as BuildRecord),
        release: { name: '1.4.0', source: 'option' },
      })
      expect((await vault.records()).map(({ id, release }) => [id, release?.name])).toEqual([
        ['3', undefined],
        ['2', '1.4.0'],
        ['1', undefined],
      ])
    })

    test('an empty one has no records, and nothing to prune', async () => {
      const vault = createVault(await open())
      expect(await vault.records()).toEqual([])
      await vault.prune(1)
    })

    test('a damaged blob, and one that is absent, is an error that says so', async () => {
      const store = await open()
      const vault = createVault(store)
      const record = await build(vault, '1', ['a'])
      const { code } = record.files[0] as (typeof record.files)[0]
      const key = `packs/${code.pack}`
      await store.put(key, Buffer.from('x'))
      await expect(vault.read(code)).rejects.toThrow(`${key} is damaged. Delete it and build again.`)
      await store.delete(key)
      await expect(vault.read(code)).rejects.toThrow(`${key} is absent. Build again.`)
      const again = await build(vault, '2', ['a'])
      expect(`${await vault.read(again.files[0]?.code as typeof code)}`).toBe('code of a')
    })

    test('reports and skips a record that cannot be read, and prunes nothing because of it', async () => {
      const store = await open()
      const vault = createVault(store)
      await build(vault, '1', ['a'])
      await store.put('builds/2.json', Buffer.from('{"version":1'))
      const unreadable: string[] = []
      expect(await vault.records(file => unreadable.push(file))).toHaveLength(1)
      expect(unreadable).toEqual([`${store.location}/builds/2.json`])
      await store.delete('builds/1.json')
      await createVault(later(store)).prune(1)
      expect(await packs(store)).toHaveLength(1)
    })

    test('forgets old builds with the packs that only they named', async () => {
      const store = await open()
      const vault = createVault(store)
      await build(vault, '1', ['a'])
      const { files: two } = await build(vault, '2', ['shared'])
      const { files: three } = await build(vault, '3', ['b', 'shared'])
      await createVault(later(store)).prune(1)
      expect((await vault.records()).map(record => record.id)).toEqual(['3'])
      expect(await packs(store)).toEqual([two, three].map(files => `packs/${files[0]?.code.pack}`))
      for await (const { map } of vault.artifacts((await vault.records())[0] as BuildRecord)) expect(map).toBeDefined()
    })

    test('a build with a pending delivery is not forgotten, and pushes out no other', async () => {
      const store = await open()
      const vault = createVault(store)
      const failed = { sentry: { state: 'failed' as const, at: '2026-01-01T00:00:00.000Z' } }
      await build(vault, '1', ['a'], failed)
      await build(vault, '2', ['b'])
      await build(vault, '3', ['c'])
      await build(vault, '4', ['d'], failed)
      await createVault(later(store)).prune(1)
      expect((await vault.records()).map(record => record.id)).toEqual(['4', '3', '1'])
      expect(await packs(store)).toHaveLength(3)
    })

    test('bytes of a build that is still going on are spared', async () => {
      const store = await open()
      const vault = createVault(store)
      const going = vault.newPack()
      await going.put(artifact('a'))
      await going.commit()
      await build(vault, '1', ['b'])
      await vault.prune(1)
      expect(await packs(store)).toHaveLength(2)
    })

    test('several may write the same parts, and prune, at the same time', async () => {
      const texts = Array.from({ length: 12 }, (_, index) => `part-${index}`)
      const writers = await Promise.all(
        ['a', 'b', 'c'].map(async id => ({ id, vault: createVault(await open('busy')) })),
      )
      await Promise.all(
        writers.map(async ({ id, vault }) => {
          await build(vault, id, texts)
          await vault.prune(20)
        }),
      )
      const vault = createVault(await open('busy'))
      const records = await vault.records()
      expect(records.map(({ id }) => id)).toEqual(['c', 'b', 'a'])
      for (const record of records) {
        const read = []
        for await (const { code } of vault.artifacts(record)) read.push(`${code}`)
        expect(read.sort()).toEqual(texts.map(text => `code of ${text}`).sort())
      }
    })
  })
}

/** The same store eight days later, as far as ages go. */
function later(store: Store): Store {
  return {
    ...store,
    async *list(prefix) {
      for await (const { key, modified } of store.list(prefix))
        yield { key, modified: new Date(modified.getTime() - 8 * 24 * 3_600_000) }
    },
  }
}

async function packs(store: Store): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.list('packs/')) keys.push(key)
  return keys
}

export const artifact = (text: string): Artifact => ({
  path: `${text}.js`,
  debugId: '11111111-2222-8333-8444-555555555555',
  code: Buffer.from(`code of ${text}`),
  map: Buffer.from(`map of ${text}`),
})

/** The same with a map that parses. */
export const mappedArtifact = (text: string): Artifact => ({
  ...artifact(text),
  map: Buffer.from(JSON.stringify({ version: 3, sources: [text], mappings: '' })),
})

export async function build(
  vault: Vault,
  id: string,
  texts: string[],
  deliveries: BuildRecord['deliveries'] = {},
): Promise<BuildRecord> {
  const pack = vault.newPack()
  const files = await Promise.all(
    texts.map(async text => {
      const { path, debugId } = artifact(text)
      return { path, outDir: 'dist', debugId, ...(await pack.put(artifact(text))) }
    }),
  )
  await pack.commit()
  const record: BuildRecord = { id, version: 1, createdAt: '2026-01-01T00:00:00.000Z', files, deliveries }
  await vault.record(record)
  return record
}
