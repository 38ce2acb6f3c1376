import { gzipSync } from 'node:zlib'
import { createVault, folderStore } from '@mapseal/core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { assemble, assembleToEnd, makeBundle, multipart, sendChunks, sha1, uploadBundle } from './bundle.ts'
import { startServer, type TestServer } from './start.ts'

/** The wire where no client of ours shows it: codecs, refusals, states. */

let server: TestServer
beforeEach(async () => {
  server = await startServer({ org: 'acme', projects: ['web', 'api'] })
})
afterEach(() => {
  vi.useRealTimers()
  return server[Symbol.asyncDispose]()
})

const builds = () => createVault(folderStore(server.dir)).records()
const options = async (org: string) => fetch(`${server.url}/api/0/organizations/${org}/chunk-upload/`)

async function send(field: string, bytes: Buffer, encoding?: string): Promise<[number, string]> {
  const plain = Buffer.from('a chunk')
  const { body, contentType } = multipart([[field, sha1(plain), bytes]])
  const response = await fetch(`${server.url}/api/0/organizations/acme/chunk-upload/`, {
    method: 'POST',
    headers: { 'Content-Type': contentType, ...(encoding && { 'Content-Encoding': encoding }) },
    body: new Uint8Array(body),
  })
  return [response.status, await response.text()]
}

test('the options of chunk upload', async () => {
  const answer = await options('acme')
  expect(answer.headers.get('content-type')).toBe('application/json')
  expect(await answer.json()).toMatchObject({
    url: `${server.url}/api/0/organizations/acme/chunk-upload/`,
    chunkSize: 8388608,
    chunksPerRequest: 64,
    maxRequestSize: 33554432,
    hashAlgorithm: 'sha1',
    compression: expect.arrayContaining(['gzip']),
    accept: expect.arrayContaining(['release_files', 'artifact_bundles', 'artifact_bundles_v2']),
  })
  expect((await options('other')).status).toBe(404)
})

test('behind a proxy the origin is the one in the options', async () => {
  const other = await startServer({ org: 'acme', url: 'https://maps.example.com', adminToken: 't'.repeat(16) })
  expect(other.url).toBe('https://maps.example.com')
  expect(other.projects[0]?.dsn).toMatch(/^https:\/\/[0-9a-f]{32}@maps\.example\.com\/\d+$/)
  await other[Symbol.asyncDispose]()
})

test('codecs of chunks', async () => {
  const plain = Buffer.from('a chunk')
  expect(await send('file', plain)).toEqual([200, ''])
  expect(await send('file_gzip', gzipSync(plain))).toEqual([200, ''])
  expect(await send('file', gzipSync(plain), 'gzip')).toEqual([200, ''])
  expect(await send('file', plain, 'br')).toEqual([400, '{"error":"Unsupported Content-Encoding"}'])
  expect(await send('file_gzip', gzipSync(plain), 'gzip')).toEqual([
    400,
    '{"error":"Cannot combine Content-Encoding with file_gzip field"}',
  ])
  expect(await send('file_gzip', plain)).toEqual([400, '{"error":"Invalid gzip payload"}'])
  expect(await send('file', Buffer.from('another'))).toEqual([400, '{"error":"Checksum mismatch"}'])
  expect(await send('other', plain)).toEqual([400, '{"error":"Parts must be named file or file_gzip"}'])
})

test('what assemble refuses, in the words that clients know', async () => {
  const name = '0'.repeat(40)
  const valid = { checksum: name, chunks: [name], projects: ['web'] }
  const refused: [unknown, string][] = [
    ['[]', 'Invalid json body'],
    [{ ...valid, checksum: 'x' }, 'The checksum field is required and must be a 40-character hexadecimal string.'],
    [{ ...valid, chunks: ['x'] }, 'The chunks field is required and must be provided as an array of 40-character'],
    [{ ...valid, projects: 'web' }, 'The projects field is required and must be provided as an array of strings.'],
    [{ ...valid, projects: [] }, 'You need to specify at least one project'],
    [
      { ...valid, projects: ['web', 'nope', 'a"\n\u001b[31m', 'nope'] },
      'One or more projects are invalid: "nope", "a\\"\\n\\u001b[31m". Known: web, api.',
    ],
    [
      { ...valid, projects: Array.from({ length: 1000 }, (_, index) => `${index}-${'x'.repeat(1000)}`) },
      `invalid: "0-${'x'.repeat(62)}…", "1-${'x'.repeat(62)}…", "2-${'x'.repeat(62)}…", "3-${'x'.repeat(62)}…", "4-${'x'.repeat(62)}…" and 995 more. Known: web, api.`,
    ],
    [{ ...valid, version: 'a/b' }, 'The version field cannot be empty and cannot contain any "/" characters.'],
    [{ ...valid, dist: '1' }, 'You need to specify a release together with a dist'],
    [{ ...valid, version: '1', dist: 1 }, 'The dist field must be a string.'],
  ]
  for (const [body, error] of refused) {
    expect(await assemble(server.url, body)).toMatchObject({ status: 400, error: expect.stringContaining(error) })
  }
  expect(await assemble(server.url, valid)).toMatchObject({ status: 200, state: 'not_found', missingChunks: [name] })
  expect(await assemble(server.url, { ...valid, chunks: [] })).toMatchObject({ state: 'not_found', missingChunks: [] })
})

test('a release of projects that are not known names them', async () => {
  const create = async (projects: unknown) => {
    const body = JSON.stringify({ version: '1', projects })
    const answer = await fetch(`${server.url}/api/0/organizations/acme/releases/`, { method: 'POST', body })
    return [answer.status, ((await answer.json()) as { detail: string }).detail]
  }
  const known = 'Known: web, api.'
  expect(await create(['web', 'nope'])).toEqual([400, `Invalid project ids or slugs: "nope". ${known}`])
  expect(await create([{ toString: 1 }])).toEqual([400, `Invalid project ids or slugs: "{\\"toString\\":1}". ${known}`])
  expect(await create('web')).toEqual([400, 'projects must be a list of at most 1000'])
})

test('projects may be named by number; others are added without the chunks', async () => {
  const bundle = makeBundle()
  expect(await uploadBundle(server.url, bundle, { version: '1' })).toMatchObject({ state: 'ok' })
  const chunk = `chunks/${sha1(bundle).slice(0, 2)}/${sha1(bundle)}`
  await folderStore(server.dir).delete(chunk)
  const id = server.projects
    .find(({ slug }) => slug === 'api')
    ?.dsn.split('/')
    .at(-1) as string
  const request = { checksum: sha1(bundle), chunks: [sha1(bundle)], projects: [id], version: '1' }
  expect(await assembleToEnd(server.url, request)).toMatchObject({ state: 'ok', missingChunks: [] })
  expect((await builds()).map(({ projects }) => projects)).toEqual([['api', 'web']])
  expect(await assembleToEnd(server.url, { ...request, version: '2', dist: '7' })).toMatchObject({ state: 'ok' })
  expect((await builds()).map(({ release }) => [release?.name, release?.dist])).toEqual([
    ['2', '7'],
    ['1', undefined],
  ])
})

test('a bundle whose build was pruned needs its chunks again', async () => {
  const bundle = makeBundle()
  await uploadBundle(server.url, bundle)
  const [build] = await builds()
  const store = folderStore(server.dir)
  await store.delete(`builds/${build?.id}.json`)
  await store.delete(`chunks/${sha1(bundle).slice(0, 2)}/${sha1(bundle)}`)
  const request = { checksum: sha1(bundle), chunks: [sha1(bundle)], projects: ['web'] }
  const other = await startServer({ vault: server.dir, org: 'acme', projects: ['web'] })
  expect(await assemble(other.url, request)).toMatchObject({ state: 'not_found', missingChunks: [sha1(bundle)] })
  await other[Symbol.asyncDispose]()
})

test('the same broken bytes get the same answer without another try', async () => {
  const bytes = Buffer.from('no bundle')
  await sendChunks(server.url, [[sha1(bytes), bytes]])
  const request = { checksum: sha1(bytes), chunks: [sha1(bytes)], projects: ['web'] }
  const first = await assembleToEnd(server.url, request)
  expect(first).toMatchObject({ state: 'error', detail: expect.stringContaining('the bundle is invalid') })
  await folderStore(server.dir).delete(`chunks/${sha1(bytes).slice(0, 2)}/${sha1(bytes)}`)
  expect(await assemble(server.url, request)).toEqual(first)
})

test('commits are counted from the newest release before that has some, of the same project', async () => {
  const path = `${server.url}/api/0/organizations/acme/releases/`
  const ask = async (version: string) => (await fetch(`${path}${version}/previous-with-commits/`)).json()
  const create = async (version: string, project: string, commit?: string) => {
    const commits = commit ? { commits: [{ id: commit }] } : {}
    const body = JSON.stringify({ version, projects: [project], ...commits })
    expect((await fetch(path, { method: 'POST', body })).status).toBe(201)
    vi.setSystemTime(Date.now() + 1)
  }
  expect(await ask('1')).toEqual({})
  await create('1', 'web', 'a1')
  await create('2', 'api', 'b2')
  await create('3', 'web')
  await create('4', 'web')
  expect(await ask('4')).toMatchObject({ version: '1', lastCommit: { id: 'a1' } })
  expect(await ask('1')).toEqual({})
  expect(await ask('not made yet')).toMatchObject({ version: '2' })
  const listed = (await (await fetch(path)).json()) as { version: string }[]
  expect(listed.map(({ version }) => version)).toEqual(['4', '3', '2', '1'])
})
