import { createHash } from 'node:crypto'
import { createFetch } from '@mapseal/core/http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type FaultServer, faultServer } from '../../../test/support/fault-server.ts'
import { sentry } from '../src/sentry.ts'

/** A server that takes no bundles: one request a file, found by release and URL. */

let server: FaultServer
let stored: Map<string, { id: string; sha1: string; dist: string | null; fields: [string, string][]; text: string }>
const releases = '/api/0/projects/acme/web/releases/'

beforeEach(async () => {
  server = await faultServer()
  stored = new Map()
  const options = {
    chunkSize: 8388608,
    chunksPerRequest: 64,
    maxRequestSize: 33554432,
    concurrency: 8,
    hashAlgorithm: 'sha1',
  }
  server.on('GET', '/api/0/organizations/acme/chunk-upload/', () => ({
    body: { ...options, url: '/x/', accept: ['debug_files'] },
  }))
  server.on('POST', '/api/0/organizations/acme/releases/', () => ({ status: 201, body: { version: '1.2.3' } }))
  server.on('GET', `${releases}1.2.3/files/`, () => ({
    body: [...stored].map(([name, { id, sha1, dist }]) => ({ id, name, sha1, dist })),
  }))
  server.on('POST', `${releases}1.2.3/files/`, ({ body, headers }) => {
    const boundary = /boundary=(.*)/.exec(headers['content-type'] ?? '')?.[1] ?? ''
    const parts = body.toString().split(`--${boundary}`).slice(1, -1)
    const fields = parts.map((part): [string, string] => [
      /name="([^"]*)"/.exec(part)?.[1] ?? '',
      part.slice(part.indexOf('\r\n\r\n') + 4, -2),
    ])
    const text = fields.find(([name]) => name === 'file')?.[1] ?? ''
    const name = fields.find(([field]) => field === 'name')?.[1] ?? ''
    const sha1 = createHash('sha1').update(text).digest('hex')
    stored.set(name, {
      id: `id of ${name}`,
      sha1,
      dist: null,
      fields: fields.filter(([field]) => field !== 'file'),
      text,
    })
    return { status: 201, body: {} }
  })
  server.on('DELETE', /.*\/files\/.*/, ({ path }) => {
    for (const [name, { id }] of stored) if (decodeURIComponent(path).endsWith(`/${id}/`)) stored.delete(name)
    return { status: 204, body: '' }
  })
})
afterEach(() => server.close())

const debugId = '11111111-2222-8333-8444-555555555555'

async function deliver(code: string, release: string | undefined = '1.2.3') {
  const destination = sentry({ org: 'acme', project: 'web', authToken: 'secret', url: server.url })
  const files = [
    { path: 'a.js', outDir: 'dist', debugId, code: { sha256: '', size: 1, pack: '', offset: 0, length: 0, crc32: 0 } },
  ]
  const build = {
    id: '1',
    version: 1 as const,
    createdAt: '',
    files,
    deliveries: {},
    release: { name: release, source: 'option' },
  }
  const artifacts = (async function* () {
    yield { path: 'a.js', debugId, code: Buffer.from(code), map: Buffer.from('{"version":3}') }
  })()
  const { signal } = new AbortController()
  const client = createFetch({ signal, userAgent: 'test' })
  try {
    const logger = { info() {}, warn() {}, error() {} }
    return await destination.deliver(build, artifacts, { fetch: client.fetch, signal, logger })
  } finally {
    await client.close()
  }
}
const posts = () => server.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/files/')).length

test('each file comes with its URL, its map and its ID', async () => {
  expect(await deliver('run()')).toMatchObject({ artifacts: 1 })
  expect(Object.fromEntries([...stored].map(([name, { fields, text }]) => [name, { fields, text }]))).toEqual({
    '~/a.js': {
      fields: [
        ['name', '~/a.js'],
        ['header', 'Sourcemap:a.js.map'],
        ['header', `debug-id:${debugId}`],
      ],
      text: 'run()',
    },
    '~/a.js.map': {
      fields: [
        ['name', '~/a.js.map'],
        ['header', `debug-id:${debugId}`],
      ],
      text: '{"version":3}',
    },
  })
})

test('what the release has is not sent again, and what has changed is replaced', async () => {
  await deliver('run()')
  expect(posts()).toBe(2)
  await deliver('run()')
  expect(posts()).toBe(2)
  await deliver('run(1)')
  expect(posts()).toBe(3)
  expect(stored.get('~/a.js')?.text).toBe('run(1)')
})

test('a file that is too large for the server fails the delivery', async () => {
  server.on('POST', `${releases}1.2.3/files/`, () => ({ status: 413, body: {} }))
  await expect(deliver('run()')).rejects.toThrow(/files\/ answered 413.*Raise the body limit/)
})
