import { beforeEach, expect, test, vi } from 'vitest'
import type { BuildRecord } from '../src/types.ts'
import type { Store } from '../src/vault/store.ts'
import { createVault } from '../src/vault/vault.ts'
import { verifyVault } from '../src/vault/verify.ts'
import { memoryStore } from './memory-store.ts'
import { build } from './vault-contract.ts'

/** Records that are signed by a key in the environment. */

const key = 'k'.repeat(32)
const place = 'builds/1.json'
let store: Store
beforeEach(() => {
  store = memoryStore()
  return () => vi.unstubAllEnvs()
})

async function signed(): Promise<BuildRecord> {
  vi.stubEnv('MAPSEAL_VAULT_KEY', key)
  return build(createVault(store), '1', ['a'])
}

const stored = async () => JSON.parse(`${await store.get(place)}`) as BuildRecord & { signature?: string }
const find = () => createVault(store).find('1')

test('who has the key reads what was written with it, and what was amended', async () => {
  const record = await signed()
  expect(await find()).toEqual(record)
  expect((await stored()).signature).toMatch(/^[\da-f]{64}$/)
  await createVault(store).amend('1', build => build && { ...build, urlPrefix: '/app' })
  expect((await find())?.urlPrefix).toBe('/app')
})

test('who has no key reads it too', async () => {
  const record = await signed()
  vi.stubEnv('MAPSEAL_VAULT_KEY', undefined)
  expect(await find()).toEqual(record)
})

test('what is not signed, signed with another key, or changed, is refused with the reason', async () => {
  await signed()
  const changed = { ...(await stored()), project: 'other' }
  await store.put(place, Buffer.from(JSON.stringify(changed)))
  await expect(find()).rejects.toThrow(
    'memory/builds/1.json cannot be read as a build record: its signature is not by MAPSEAL_VAULT_KEY: it was written with another key, or changed.',
  )
  const { signature: _, ...bare } = changed
  await store.put(place, Buffer.from(JSON.stringify(bare)))
  await expect(find()).rejects.toThrow('it is not signed, and MAPSEAL_VAULT_KEY is set.')
  expect((await verifyVault(store)).problems).toMatchObject([{ message: expect.stringContaining('it is not signed') }])
  await signed()
  vi.stubEnv('MAPSEAL_VAULT_KEY', 'x'.repeat(32))
  await expect(find()).rejects.toThrow('another key')
})

test('a process without the key takes the signature away, so that nobody takes its change for signed', async () => {
  await signed()
  vi.stubEnv('MAPSEAL_VAULT_KEY', undefined)
  await createVault(store).amend('1', build => build && { ...build, urlPrefix: '/app' })
  vi.stubEnv('MAPSEAL_VAULT_KEY', key)
  await expect(find()).rejects.toThrow('it is not signed')
})

test('a record put in another one’s place is refused', async () => {
  await signed()
  await store.put('builds/2.json', (await store.get(place)) as Buffer)
  await expect(createVault(store).find('2')).rejects.toThrow('it says that it is of the build 1')
})

test('a short key is refused', async () => {
  vi.stubEnv('MAPSEAL_VAULT_KEY', 'secret')
  await expect(build(createVault(store), '1', ['a'])).rejects.toThrow(
    'MAPSEAL_VAULT_KEY must have at least 32 characters. Make one with "openssl rand -hex 32".',
  )
})
