import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { FaultServer } from '../../../test/support/fault-server.ts'
import { startBucket, type TestBucket } from '../../../test/support/s3.ts'
import { s3Front } from '../../../test/support/s3-front.ts'
import type { Vault } from '../src/types.ts'
import { openVault } from '../src/vault/locate.ts'
import { build } from './vault-contract.ts'

/** How many requests a build of 100 files with their maps is. */

let bucket: TestBucket
let front: FaultServer
let vault: Vault
beforeAll(async () => {
  bucket = await startBucket()
})
afterAll(() => bucket?.stop())
beforeEach(async () => {
  front = await s3Front(bucket)
  vault = openVault(`s3://${bucket.name}/${crypto.randomUUID()}?endpoint=${front.url}`, '/')
})
afterEach(() => front.close())

const texts = Array.from({ length: 100 }, (_, index) => `file ${index}`)

/** Requests since the last call; that of a listing ends in a slash. */
function requests(): string[] {
  return front.requests.splice(0).map(({ method, path, query }) => {
    const key = query.get('prefix') ?? path
    const name = key.replace(/^.*?\/?(packs|builds|index|commands)\/[^/]*$/, '$1')
    return query.has('uploads') ? 'GET uploads' : `${query.has('prefix') ? 'LIST' : method} ${name}`
  })
}

test('the first build', async () => {
  await build(vault, '1', texts)
  expect(requests()).toEqual(['LIST index', 'LIST builds', 'PUT packs', 'PUT index', 'PUT builds'])
})

test('one without a change, and one with', async () => {
  await build(vault, '1', texts)
  requests()
  await build(vault, '2', texts)
  const newest = ['LIST index', 'LIST builds', 'GET builds']
  expect(requests()).toEqual([...newest, 'HEAD packs', 'PUT index', 'PUT builds'])
  await build(vault, '3', [...texts, 'another'])
  expect(requests()).toEqual([...newest, 'HEAD packs', 'PUT packs', 'PUT index', 'PUT builds'])
})

test('reading it, whole and one file of it', async () => {
  const { files, ...record } = await build(vault, '1', texts)
  requests()
  let count = 0
  for await (const { code, map } of vault.artifacts({ ...record, files })) count += code && map ? 1 : 0
  expect([count, requests()]).toEqual([100, ['GET packs']])
  await vault.read(files[50]?.code as (typeof files)[0]['code'])
  expect(requests()).toEqual(['GET packs'])
})

test('pruning', async () => {
  // As uploads, which are pruned whatever their age.
  for (const record of [await build(vault, '1', texts), await build(vault, '2', ['other'])])
    await vault.record({ ...record, projects: ['web'] })
  requests()
  expect(await vault.prune(1, { uploads: true })).toEqual([])
  // Four records were written, each with its part of the index.
  const index = ['LIST index', ...Array(4).fill('GET index'), 'LIST builds']
  const forgetting = ['LIST builds', 'GET builds', 'GET builds', 'DELETE builds', 'GET uploads']
  const pruned = requests()
  // These go on side by side.
  expect(pruned.splice(0, index.length).sort()).toEqual(index.sort())
  expect(pruned).toEqual([...forgetting, 'LIST commands', 'LIST builds', 'LIST packs'])
})
