import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BuildRecord } from '@mapseal/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { directory } from '../src/directory.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mapseal-directory-'))
})
afterEach(() => rm(root, { recursive: true }))

async function deliver(release: { name: string; dist?: string }, path = 'a.js'): Promise<void> {
  const artifact = {
    path,
    debugId: '85314830-023f-4cf1-a267-535f4e37bb17',
    code: Buffer.from(''),
    map: Buffer.from('{}'),
  }
  const build = { id: 'b', files: [], release: { ...release, source: 'option' } } as unknown as BuildRecord
  await directory({ path: join(root, 'maps') }).deliver(
    build,
    (async function* () {
      yield artifact
    })(),
    { signal: new AbortController().signal } as Parameters<ReturnType<typeof directory>['deliver']>[2],
  )
}

async function written(): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name).slice(root.length + 1))
}

test.each([
  ['1.4.0', '1.4.0'],
  ['web@1.4.0', 'web%401.4.0'],
  ['..', '%2E%2E'],
  ['.', '%2E'],
  ['../../etc', '..%2F..%2Fetc'],
  ['a\\..\\b', 'a%5C..%5Cb'],
  ['a\0b', 'a%00b'],
  ['NUL', '%4EUL'],
  ['con.1', '%63on.1'],
  ['1.', '1%2E'],
])('release %j is one folder inside: %s', async (name, folder) => {
  await deliver({ name })
  expect(await written()).toEqual([`maps/${folder}/a.js.map`])
})

test('a file above its output folder stays inside', async () => {
  await deliver({ name: '..' }, '../../../server/[id].js')
  expect(await written()).toEqual(['maps/%2E%2E/%2E%2E/%2E%2E/%2E%2E/server/[id].js.map'])
})

test('two dists of a release are kept apart', async () => {
  await deliver({ name: '1' })
  await deliver({ name: '1', dist: '..' })
  await deliver({ name: '1', dist: '2' })
  await deliver({ name: '1@2' })
  expect((await written()).sort()).toEqual(['1%402', '1', '1@.%2E', '1@2'].map(name => `maps/${name}/a.js.map`).sort())
})
