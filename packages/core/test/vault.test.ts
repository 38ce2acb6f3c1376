import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Vault } from '../src/types.ts'
import { folderStore } from '../src/vault/folder.ts'
import { openVault, projectName, shownLocation } from '../src/vault/locate.ts'
import { processSpace } from '../src/vault/process.ts'
import { temporaryName } from '../src/vault/temporary.ts'
import { artifact, build, vaultContract } from './vault-contract.ts'

let root: string
let vault: Vault
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'vault-'))
  vault = openVault('vault', root)
})
afterEach(() => rm(root, { recursive: true }))

let count = 0
vaultContract(async (name = `vault-${count++}`) => folderStore(join(root, name)))

async function packs(): Promise<string[]> {
  return (await readdir(join(vault.location, 'packs'))).sort()
}

async function age(): Promise<void> {
  const old = new Date(Date.now() - 2 * 60 * 60 * 1000)
  for (const entry of await readdir(vault.location, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) await utimes(join(entry.parentPath, entry.name), old, old)
  }
}

test('leaves nothing half-written', async () => {
  await Promise.all([build(vault, '1', ['a']), build(vault, '2', ['a']), build(vault, '3', ['a'])])
  const left = vault.newPack()
  await left.put({ ...artifact('b'), map: randomBytes(3_000_000) })
  await left.discard()
  expect(await readdir(join(vault.location, 'tmp'))).toEqual([])
})

test('git does not see it', async () => {
  await build(vault, '1', ['a'])
  expect(await readFile(join(vault.location, '.gitignore'), 'utf8')).toBe('*\n')
})

test('what a killed process left half-written is cleared away, and what a running one writes is not', async () => {
  await build(vault, '1', ['a'])
  const tmp = join(vault.location, 'tmp')
  const [killed, running] = [`00.999999999.${processSpace()}`, temporaryName('00')]
  await writeFile(join(tmp, killed), '')
  await writeFile(join(tmp, running), '')
  await vault.prune(20)
  expect(await readdir(tmp)).toEqual([running])
})

test('bytes of a build that names them again are as if written now', async () => {
  await build(vault, '1', ['a'])
  await age()
  await vault.newPack().put(artifact('a'))
  await rm(join(vault.location, 'builds/1.json'))
  await build(vault, '2', ['b'])
  await vault.prune(1)
  expect(await packs()).toHaveLength(2)
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

test('a project is named by its package.json, else by its folder in the workspace', async () => {
  await writeFile(join(root, 'package-lock.json'), '')
  for (const [folder, json] of [
    ['apps/shop', '{"name":"@acme/shop"}'],
    ['apps/unnamed', '{}'],
    ['apps/broken', '{'],
  ] as const) {
    await mkdir(join(root, folder, 'src'), { recursive: true })
    await writeFile(join(root, folder, 'package.json'), json)
  }
  const names = ['shop/src', 'unnamed', 'broken/src'].map(folder => projectName(join(root, 'apps', folder)))
  expect(names).toEqual(['@acme/shop', 'apps/unnamed', 'apps/broken'])
  expect(projectName(root)).toBe('')
})

test.each(['s3:/maps/web', 's3:maps', 'https://store.example/maps', 'S3://maps/web'])('is nowhere at %s', location => {
  expect(() => openVault(location, '/')).toThrow(
    `"${location}" is neither a folder nor a bucket. Write s3://bucket/prefix, or a path.`,
  )
})

test('is shown as a path below the project, and in full elsewhere', () => {
  expect(shownLocation('/shop/.mapseal', '/shop')).toBe('.mapseal')
  expect(shownLocation('/shop', '/shop')).toBe('.')
  expect(shownLocation('/maps', '/shop')).toBe('/maps')
  expect(shownLocation('s3://maps/web', '/shop')).toBe('s3://maps/web')
  expect(openVault('s3://maps/web/', root).location).toBe('s3://maps/web')
})
