import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Artifact, BuildRecord, Vault } from '../src/types.ts'
import { openVault } from '../src/vault/locate.ts'

let root: string
let vault: Vault
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'vault-'))
  vault = openVault('vault', root)
})
afterEach(() => rm(root, { recursive: true }))

const artifact = (text: string): Artifact => ({
  path: `${text}.js`,
  debugId: '11111111-2222-8333-8444-555555555555',
  code: Buffer.from(`code of ${text}`),
  map: Buffer.from(`map of ${text}`),
})

async function build(id: string, texts: string[], deliveries: BuildRecord['deliveries'] = {}): Promise<BuildRecord> {
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

async function packs(): Promise<string[]> {
  return (await readdir(join(vault.location, 'packs'))).sort()
}

async function age(): Promise<void> {
  const old = new Date(Date.now() - 2 * 60 * 60 * 1000)
  for (const entry of await readdir(vault.location, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) await utimes(join(entry.parentPath, entry.name), old, old)
  }
}

test('gives back what was put in', async () => {
  const record = await build('1', ['a', 'b'])
  const artifacts = []
  for await (const { gzip, path, debugId, code, map } of vault.artifacts(record)) {
    expect([gunzipSync(gzip?.code ?? ''), gunzipSync(gzip?.map ?? '')]).toEqual([code, map])
    artifacts.push({ path, debugId, code: `${code}`, map: `${map}` })
  }
  expect(artifacts.sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual(
    ['a', 'b'].map(text => ({ ...artifact(text), code: `code of ${text}`, map: `map of ${text}` })),
  )
  expect(await vault.records()).toEqual([record])
})

test('keeps equal bytes once, and nothing half-written', async () => {
  const first = await build('1', ['a', 'b'])
  const second = await build('2', ['a', 'c'])
  const third = await build('3', ['a', 'c'])
  expect(second.files[0]?.map).toEqual(first.files[0]?.map)
  expect(third.files).toEqual(second.files)
  expect(await packs()).toHaveLength(2)
  expect(await readdir(join(vault.location, 'tmp'))).toEqual([])
})

test('neighbours of a damaged place are still read', async () => {
  const record = await build('1', ['a', 'b'])
  const { code } = record.files[0] as (typeof record.files)[0]
  const path = join(vault.location, 'packs', code.pack)
  const bytes = await readFile(path)
  bytes[code.offset + 12] = (bytes[code.offset + 12] as number) ^ 1
  await writeFile(path, bytes)
  await expect(vault.read(code)).rejects.toThrow(/is damaged/)
  expect(`${await vault.read(record.files[1]?.code as typeof code)}`).toBe('code of b')
})

test('a build refers to few packs, so that old ones can go', async () => {
  const texts = Array.from({ length: 20 }, (_, index) => `text ${index}`)
  let record: BuildRecord | undefined
  for (const count of texts.keys()) record = await build(String(count).padStart(2, '0'), texts.slice(0, count + 1))
  expect(new Set(record?.files.map(({ code }) => code.pack)).size).toBeLessThanOrEqual(8)
})

test('git does not see it', async () => {
  await build('1', ['a'])
  expect(await readFile(join(vault.location, '.gitignore'), 'utf8')).toBe('*\n')
})

test('a damaged blob is an error that says so', async () => {
  const record = await build('1', ['a'])
  const { code } = record.files[0] as (typeof record.files)[0]
  await writeFile(join(vault.location, 'packs', code.pack), 'x')
  await expect(vault.read(code)).rejects.toThrow(/is damaged\. Delete it and build again\./)
})

test('a record that cannot be read is told of and skipped, and nothing is pruned on its account', async () => {
  await build('1', ['a'])
  await age()
  await writeFile(join(vault.location, 'builds', '2.json'), '{"version":1')
  const unreadable: string[] = []
  expect(await vault.records(file => unreadable.push(file))).toHaveLength(1)
  expect(unreadable).toEqual([join(vault.location, 'builds', '2.json')])
  await rm(join(vault.location, 'builds', '1.json'))
  await vault.prune(1)
  expect(await packs()).toHaveLength(1)
})

test('forgets old builds with the packs that only they named', async () => {
  await build('1', ['a'])
  const { files: two } = await build('2', ['shared'])
  const { files: three } = await build('3', ['b', 'shared'])
  await age()
  await vault.prune(1)
  expect((await vault.records()).map(record => record.id)).toEqual(['3'])
  expect(await packs()).toEqual([two[0]?.code.pack, three[0]?.code.pack])
})

test('a build that owes a delivery is not forgotten', async () => {
  await build('1', ['a'], { sentry: { state: 'failed', at: '2026-01-01T00:00:00.000Z' } })
  await build('2', ['b'])
  await age()
  await vault.prune(1)
  expect((await vault.records()).map(record => record.id)).toEqual(['2', '1'])
})

test('bytes of a build that is still going on are spared', async () => {
  const going = vault.newPack()
  await going.put(artifact('a'))
  await going.commit()
  await build('1', ['b'])
  await vault.prune(1)
  expect(await packs()).toHaveLength(2)
})

test('what a killed process left half-written is cleared away, and what a running one writes is not', async () => {
  await build('1', ['a'])
  const tmp = join(vault.location, 'tmp')
  const [killed, running] = [`00.999999999.${hostname()}`, `00.${process.pid}.${hostname()}`]
  await writeFile(join(tmp, killed), '')
  await writeFile(join(tmp, running), '')
  await vault.prune(20)
  expect(await readdir(tmp)).toEqual([running])
})

test('a folder that cannot be written is an error that says what to do', async () => {
  await writeFile(join(root, 'file'), '')
  const blocked = openVault('file/vault', root)
  const pack = blocked.newPack()
  await pack.put(artifact('a'))
  await expect(pack.commit()).rejects.toThrow(
    /file\/vault cannot be written: .*Make room or make it writable, or name another folder in "vault" or MAPSEAL_VAULT\./,
  )
})

test('lies beside the nearest lock file, else beside the nearest package.json', async () => {
  await mkdir(join(root, 'packages/shop/src'), { recursive: true })
  await writeFile(join(root, 'packages/shop/package.json'), '{}')
  const from = join(root, 'packages/shop/src')
  expect(openVault(undefined, from).location).toBe(join(root, 'packages/shop/.mapseal'))
  await writeFile(join(root, 'pnpm-lock.yaml'), '')
  expect(openVault(undefined, from).location).toBe(join(root, '.mapseal'))
})
