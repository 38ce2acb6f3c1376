import { describe, expect, test } from 'vitest'
import type { Artifact, BuildRecord, Vault } from '../src/types.ts'
import type { Store } from '../src/vault/store.ts'
import { createVault } from '../src/vault/vault.ts'

/** What a vault promises, whatever it is kept in. `open` gives an empty store; with the same `name`, the same one. */
export function vaultContract(open: (name?: string) => Promise<Store>): void {
  describe('a vault', () => {
    test('gives back what was put in', async () => {
      const vault = createVault(await open())
      const record = await build(vault, '1', ['a', 'b'])
      const artifacts = []
      for await (const each of vault.artifacts(record))
        artifacts.push({ ...each, code: `${each.code}`, map: `${each.map}` })
      expect(artifacts).toEqual(
        ['a', 'b'].map(text => ({ ...artifact(text), code: `code of ${text}`, map: `map of ${text}` })),
      )
      expect(await vault.records()).toEqual([record])
    })

    test('keeps equal bytes once', async () => {
      const store = await open()
      const vault = createVault(store)
      await Promise.all([build(vault, '1', ['a']), build(vault, '2', ['a']), build(vault, '3', ['a'])])
      expect(await blobs(store)).toHaveLength(2)
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
      const key = `blobs/${code.sha256.slice(0, 2)}/${code.sha256}.br`
      await store.put(key, Buffer.from('x'))
      await expect(vault.read(code)).rejects.toThrow(`${key} is damaged. Delete it and build again.`)
      await store.delete(key)
      await expect(vault.read(code)).rejects.toThrow(`${key} is absent. Build again.`)
      await vault.put(artifact('a'))
      expect(`${await vault.read(code)}`).toBe('code of a')
    })

    test('a record that cannot be read is told of and skipped, and nothing is pruned on its account', async () => {
      const store = await open()
      const vault = createVault(store)
      await build(vault, '1', ['a'])
      await store.put('builds/2.json', Buffer.from('{"version":1'))
      const unreadable: string[] = []
      expect(await vault.records(file => unreadable.push(file))).toHaveLength(1)
      expect(unreadable).toEqual([`${store.location}/builds/2.json`])
      await store.delete('builds/1.json')
      await createVault(later(store)).prune(1)
      expect(await blobs(store)).toHaveLength(2)
    })

    test('forgets old builds with the bytes that only they named', async () => {
      const store = await open()
      const vault = createVault(store)
      await build(vault, '1', ['a', 'shared'])
      await build(vault, '2', ['b', 'shared'])
      await createVault(later(store)).prune(1)
      expect((await vault.records()).map(record => record.id)).toEqual(['2'])
      expect(await blobs(store)).toHaveLength(4)
      for await (const { map } of vault.artifacts((await vault.records())[0] as BuildRecord)) expect(map).toBeDefined()
    })

    test('a build that owes a delivery is not forgotten', async () => {
      const store = await open()
      const vault = createVault(store)
      await build(vault, '1', ['a'], { sentry: { state: 'failed', at: '2026-01-01T00:00:00.000Z' } })
      await build(vault, '2', ['b'])
      await createVault(later(store)).prune(1)
      expect((await vault.records()).map(record => record.id)).toEqual(['2', '1'])
      expect(await blobs(store)).toHaveLength(4)
    })

    test('bytes of a build that is still going on are spared', async () => {
      const store = await open()
      const vault = createVault(store)
      await vault.put(artifact('a'))
      await build(vault, '1', ['b'])
      await vault.prune(1)
      expect(await blobs(store)).toHaveLength(4)
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
        expect(read).toEqual(texts.map(text => `code of ${text}`))
      }
    })
  })
}

/** The same store two hours later, as far as ages go. */
function later(store: Store): Store {
  return {
    ...store,
    async *list(prefix) {
      for await (const { key, modified } of store.list(prefix))
        yield { key, modified: new Date(modified.getTime() - 2 * 3_600_000) }
    },
  }
}

async function blobs(store: Store): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.list('blobs/')) keys.push(key)
  return keys
}

export const artifact = (text: string): Artifact => ({
  path: `${text}.js`,
  debugId: '11111111-2222-8333-8444-555555555555',
  code: Buffer.from(`code of ${text}`),
  map: Buffer.from(`map of ${text}`),
})

export async function build(
  vault: Vault,
  id: string,
  texts: string[],
  deliveries: BuildRecord['deliveries'] = {},
): Promise<BuildRecord> {
  const files = await Promise.all(
    texts.map(async text => {
      const { path, debugId } = artifact(text)
      return { path, outDir: 'dist', debugId, ...(await vault.put(artifact(text))) }
    }),
  )
  const record: BuildRecord = { id, version: 1, createdAt: '2026-01-01T00:00:00.000Z', files, deliveries }
  await vault.record(record)
  return record
}
