import { randomBytes } from 'node:crypto'
import { gzipMember } from '@mapseal/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Repository, readRepository } from '../src/vendor/repository.ts'
import { makeRepository, removeFolders } from './git-repository.ts'

let repository: Repository

beforeEach(async () => {
  const { dir, commit, git } = makeRepository()
  commit('first', { 'web/src/a.js': '', 'docs/a.js': '', 'web/src/b.js': '' })
  git('remote', 'add', 'origin', 'https://git.example/acme/shop.git')
  Object.assign(process.env, { GIT_DIR: `${dir}/.git`, GIT_WORK_TREE: dir })
  repository = (await readRepository(undefined, new AbortController().signal)) as Repository
})

afterEach(() => {
  delete process.env.GIT_DIR
  delete process.env.GIT_WORK_TREE
  removeFolders()
})

const artifact = { path: 'a.js', debugId: '00000000-0000-8000-8000-000000000000', code: Buffer.from('a') }
const packed = async (map: object) => ({
  code: Buffer.from('a'),
  map: await gzipMember(Buffer.from(JSON.stringify(map))),
})
const text = randomBytes(300_000).toString('hex')

test.each([
  ['near its start', { version: 3, sources: ['../a.js?x'], sourcesContent: [text] }],
  ['after many names', { version: 3, names: [text.slice(0, 100_000)], sources: ['../a.js?x'], sourcesContent: [text] }],
])('a large map is unpacked up to its sources, %s', async (_, map) => {
  const large = {
    ...artifact,
    gzip: await packed(map),
    get map(): Buffer {
      throw new Error('It was unpacked.')
    },
  }
  expect(repository.filesOf(large)).toEqual(['docs/a.js', 'web/src/a.js'])
})

test('the sources of an indexed map are those of its sections', async () => {
  const map = {
    version: 3,
    sections: [{ map: { sources: ['a.js'], sourcesContent: [text] } }, { map: { sources: ['b.js'] } }],
  }
  const indexed = { ...artifact, gzip: await packed(map), map: Buffer.from(JSON.stringify(map)) }
  expect(repository.filesOf(indexed).sort()).toEqual(['docs/a.js', 'web/src/a.js', 'web/src/b.js'])
})

test('the remote is origin, else the first, as git rewrites its URL', async () => {
  const { dir, git } = makeRepository()
  Object.assign(process.env, { GIT_DIR: `${dir}/.git`, GIT_WORK_TREE: dir })
  git('commit', '--quiet', '--allow-empty', '-m', 'first')
  const urlNow = async () => (await readRepository(undefined, new AbortController().signal))?.url
  expect(await urlNow()).toBeUndefined()
  git('config', 'url.https://git.example/.insteadOf', 'acme:')
  git('remote', 'add', 'a', 'acme:fork.git')
  expect(await urlNow()).toBe('https://git.example/fork.git')
  git('remote', 'add', 'origin', 'acme:shop.git')
  expect(await urlNow()).toBe('https://git.example/shop.git')
})
