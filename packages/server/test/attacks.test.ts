import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { createVault, folderStore } from '@mapseal/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ServerOptions } from '../src/index.ts'
import type { ArchiveEntry } from './archive.ts'
import { assemble, makeBundle, multipart, sendChunks, sha1, uploadBundle } from './bundle.ts'
import { gauge } from './gauge.ts'
import { startServer, type TestServer } from './start.ts'

/** Each attack by its name. What is tried must fail with a reason, leave the server as it was, and write nothing elsewhere. */

const MiB = 1 << 20

let root: string
let server: TestServer
let temporary: string | undefined
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mapseal-attacks-'))
  await mkdir(join(root, 'tmp'))
})
afterEach(async () => {
  const health = await fetch(`${server.url}/healthz`)
  await server.close()
  if (temporary === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = temporary
  expect(health.status).toBe(200)
  expect(server.log.filter(line => line.includes('"level":"error"'))).toEqual([])
  expect((await readdir(root)).filter(name => name !== 'vault')).toEqual(['tmp'])
  expect(await readdir(join(root, 'tmp'))).toEqual([])
  await rm(server.dir, { recursive: true })
  await rm(root, { recursive: true })
})

async function start(options: ServerOptions = {}): Promise<void> {
  server = await startServer({ vault: join(root, 'vault'), org: 'acme', projects: ['web'], ...options })
  temporary = process.env.TMPDIR
  process.env.TMPDIR = join(root, 'tmp')
}

const builds = () => createVault(folderStore(join(root, 'vault'))).records()

async function expectRefused(bundle: Buffer, detail: RegExp): Promise<void> {
  const outcome = await uploadBundle(server.url, bundle)
  expect(outcome).toMatchObject({ status: 200, state: 'error' })
  expect(outcome.detail).toMatch(detail)
  expect(await builds()).toEqual([])
}

const withEntry = (entry: ArchiveEntry) => makeBundle({ entries: [entry] })

test('an ordinary upload is accepted', async () => {
  await start()
  expect(await uploadBundle(server.url, makeBundle())).toMatchObject({ state: 'ok' })
  expect((await builds())[0]?.files).toMatchObject([{ path: 'app.js' }])
  const source = Array.from({ length: 20_000 }, (_, index) => `f(${index * index})`).join(';')
  expect(await uploadBundle(server.url, makeBundle({ source }), { chunkBytes: 3000 })).toMatchObject({ state: 'ok' })
})

describe('zip bombs', () => {
  test('an entry that is compressed a thousand times', async () => {
    await start()
    const bytes = Buffer.alloc(64 * MiB)
    await expectRefused(withEntry({ name: 'zeros', bytes }), /compressed more than 200 times/)
  })

  test('an entry that unpacks to more than it says', async () => {
    await start()
    const bytes = Buffer.alloc(MiB)
    const manifest = { files: { zeros: { type: 'minified_source', url: '~/z.js', headers: {} } }, release: '1' }
    await expectRefused(
      makeBundle({ entries: [{ name: 'zeros', bytes, size: 100 }], manifest }),
      /"zeros" cannot be unpacked/,
    )
  })

  test('many entries that are too much together, and too many entries', async () => {
    await start({ limits: { unpackedBytes: 10 * MiB, entries: 50 } })
    const random = Buffer.from(Array.from({ length: MiB }, (_, index) => (index * 2654435761) >>> 13))
    const entries = Array.from({ length: 12 }, (_, index) => ({ name: `f${index}`, bytes: random }))
    await expectRefused(makeBundle({ entries }), /unpacks to more than/)
    const small = Array.from({ length: 60 }, (_, index) => ({ name: `f${index}`, bytes: Buffer.from('x') }))
    await expectRefused(makeBundle({ entries: small }), /more than 50 entries/)
  })

  test('an entry beyond the size of a file', async () => {
    await start({ limits: { fileBytes: MiB } })
    await expectRefused(withEntry({ name: 'big', bytes: Buffer.alloc(MiB + 1, 'ab') }), /exceeds maximum size/)
  })

  test('a chunk that unpacks to more than a chunk', async () => {
    await start()
    const bomb = gzipSync(Buffer.alloc(64 * MiB))
    const { body, contentType } = multipart([['file_gzip', '0'.repeat(40), bomb]])
    const answer = await fetch(`${server.url}/api/0/organizations/acme/chunk-upload/`, {
      method: 'POST',
      headers: { 'Content-Type': contentType },
      body: new Uint8Array(body),
    })
    expect([answer.status, await answer.json()]).toEqual([400, { error: 'Chunk size too large' }])
  })

  test('a JSON body that unpacks to more than a body', async () => {
    await start()
    const answer = await fetch(`${server.url}/api/0/organizations/acme/artifactbundle/assemble/`, {
      method: 'POST',
      headers: { 'Content-Encoding': 'gzip' },
      body: new Uint8Array(gzipSync(Buffer.alloc(64 * MiB, ' '))),
    })
    expect(answer.status).toBe(413)
  })
})

describe('path traversal', () => {
  test.each(['../../evil.js', '/etc/evil', 'a/../../evil', 'C:/evil', '..\\evil'])('the entry %s', async name => {
    await start()
    await expectRefused(withEntry({ name, bytes: Buffer.from('x') }), /its directory cannot be read/)
  })

  test('a URL in the manifest cannot lead upward', async () => {
    await start()
    const file = { type: 'minified_source', url: '~/../../..\\..\\etc/./passwd\u0000.js?x#y', headers: {} }
    const manifest = { files: { 'files/_/_/app.js': file }, release: '1' }
    expect(await uploadBundle(server.url, makeBundle({ manifest }))).toMatchObject({ state: 'ok' })
    expect((await builds())[0]?.files.map(({ path }) => path)).toEqual(['etc/passwd.js'])
  })

  test.each(['..', '.', 'a/b', 'a\\b', 'latest', ' a', 'a\nb'])('the release %j', async version => {
    await start()
    expect(await uploadBundle(server.url, makeBundle({ release: version }))).toMatchObject({ state: 'error' })
    expect(await uploadBundle(server.url, makeBundle(), { version })).toMatchObject({ status: 400 })
    const created = await fetch(`${server.url}/api/0/organizations/acme/releases/`, {
      method: 'POST',
      body: JSON.stringify({ version, projects: ['web'] }),
    })
    expect(created.status).toBe(400)
  })

  test.each(['%2e%2e%2f%2e%2e%2ftokens', '..%2f..', '%00', '%ff', '%'])('the path of %s', async part => {
    await start()
    const answer = await fetch(`${server.url}/api/0/organizations/acme/releases/${part}/deploys/`)
    expect([400, 404]).toContain(answer.status)
  })

  test('the name of a chunk', async () => {
    await start()
    const answer = await sendChunks(server.url, [['../../../evil', Buffer.from('x')]])
    expect([answer.status, answer.text]).toEqual([400, '{"error":"Checksum mismatch"}'])
    expect(
      await assemble(server.url, { checksum: '../x', chunks: ['../../tokens/a'], projects: ['web'] }),
    ).toMatchObject({
      status: 400,
    })
  })
})

test.each([
  ['symbolic links', 0o120777],
  ['devices', 0o020666],
  ['pipes', 0o010666],
])('%s in the archive', async (_, mode) => {
  await start()
  await expectRefused(withEntry({ name: 'link', bytes: Buffer.from('/etc/passwd'), mode }), /is a link or a device/)
})

describe('absurd manifests', () => {
  const file = { type: 'minified_source', url: '~/app.js', headers: {} }
  const long = 'x'.repeat(3000)
  test.each<[string, unknown]>([
    ['no JSON', 'nonsense'],
    ['a list', []],
    ['null', 'null'],
    ['a number', '1'],
    ['no files', {}],
    ['files that are a list', { files: [] }],
    ['a file that is null', { files: { 'files/_/_/app.js': null } }],
    ['a type that is unknown', { files: { 'files/_/_/app.js': { ...file, type: 'x' } } }],
    ['a type that is a number', { files: { 'files/_/_/app.js': { ...file, type: 1 } } }],
    ['a url that is a list', { files: { 'files/_/_/app.js': { ...file, url: [] } } }],
    ['a url without end', { files: { 'files/_/_/app.js': { ...file, url: long } } }],
    ['headers that are a list', { files: { 'files/_/_/app.js': { ...file, headers: [] } } }],
    ['a header that is an object', { files: { 'files/_/_/app.js': { ...file, headers: { 'debug-id': {} } } } }],
    ['an attribute that is a number', { files: {}, release: 1 }],
    ['a file that is not there', { files: { absent: file } }],
    ['nesting without end', `{"files":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`],
    ['a release of control characters', { files: { 'files/_/_/app.js': file }, release: '\u0001' }],
    ['neither debug IDs nor a release', { files: { 'files/_/_/app.js': file } }],
  ])('%s', async (_, manifest) => {
    await start()
    await expectRefused(makeBundle({ manifest }), /the bundle is invalid|without debug ids or release/)
  })

  test('one that is too large', async () => {
    await start({ limits: { manifestBytes: 1000 } })
    await expectRefused(makeBundle({ manifest: { files: {}, note: long } }), /manifest exceeds 1000 bytes/)
  })

  test('bytes that are not an archive, empty or cut off', async () => {
    await start()
    const bundle = makeBundle()
    for (const bytes of [Buffer.from('x'), bundle.subarray(0, bundle.length - 30), bundle.subarray(40)]) {
      await expectRefused(bytes, /the bundle is invalid/)
    }
  })

  test('a checksum that is not that of the chunks', async () => {
    await start()
    const bundle = makeBundle()
    await sendChunks(server.url, [[sha1(bundle), bundle]])
    expect(
      await assemble(server.url, { checksum: '0'.repeat(40), chunks: [sha1(bundle)], projects: ['web'] }),
    ).toMatchObject({
      state: 'error',
      detail: 'Reported checksum mismatch',
    })
  })
})

test('deep JSON', async () => {
  await start()
  for (const text of ['['.repeat(500_000), `{"a":`.repeat(500_000), `${'['.repeat(1000)}${']'.repeat(1000)}`]) {
    expect(await assemble(server.url, text)).toMatchObject({ status: 400 })
  }
})

test('__proto__', async () => {
  await start()
  const bodies = [
    '{"version":"1","projects":["web"],"__proto__":{"polluted":1}}',
    '{"version":"1","projects":["web"],"\\u005f_proto__":{"polluted":1}}',
    '{"version":"1","projects":["web"],"constructor":{"prototype":{"polluted":1}}}',
  ]
  for (const body of bodies) {
    const answer = await fetch(`${server.url}/api/0/organizations/acme/releases/`, { method: 'POST', body })
    expect([201, 208]).toContain(answer.status)
    expect(await answer.text()).not.toContain('polluted')
  }
  const manifest = `{"files":{"__proto__":{"type":"minified_source","url":"x"}},"__proto__":{"release":"1"}}`
  expect(await uploadBundle(server.url, makeBundle({ manifest }))).toMatchObject({ state: 'ok' })
  expect(await builds()).toEqual([])
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  for (const name of ['__proto__', 'constructor', 'hasOwnProperty']) {
    expect((await fetch(`${server.url}/api/0/organizations/acme/releases/${name}/`)).status).toBe(404)
    expect((await fetch(`${server.url}/api/0/projects/acme/${name}/`)).status).toBe(404)
  }
})

describe('header injection', () => {
  test('line breaks in paths and names end up in no header and start no line of the log', async () => {
    await start()
    const path = '/api/0/organizations/acme%0d%0aSet-Cookie:%20a=b/releases/x%0d%0ay/'
    const answer = await fetch(server.url + path)
    expect(answer.status).toBe(404)
    expect(answer.headers.get('set-cookie')).toBeNull()
    const { body, contentType } = multipart([['file', 'x"\r\nSet-Cookie: a=b\r\n\r\n', Buffer.from('x')]])
    const upload = await fetch(`${server.url}/api/0/organizations/acme/chunk-upload/`, {
      method: 'POST',
      headers: { 'Content-Type': contentType },
      body: new Uint8Array(body),
    })
    expect([upload.status, upload.headers.get('set-cookie')]).toEqual([400, null])
  })

  test('an invalid Host', async () => {
    await start()
    const answer = await raw(
      'GET /api/0/organizations/acme/chunk-upload/ HTTP/1.1\r\nHost: a"@evil/b?\r\nConnection: close\r\n\r\n',
    )
    expect(answer).toMatch(/^HTTP\/1.1 400 /)
  })

  test('two requests in one: contradictory lengths', async () => {
    await start()
    const smuggled =
      'POST /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'
    expect(await raw(smuggled)).toMatch(/^HTTP\/1.1 400 /)
  })
})

describe('slow clients', () => {
  test('an upload that stalls is ended, and leaves nothing', async () => {
    await start({ timeouts: { idle: 300 } })
    const head = 'POST /api/0/organizations/acme/chunk-upload/ HTTP/1.1\r\nHost: 127.0.0.1\r\n'
    const form = 'Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000\r\n\r\n--b\r\n'
    expect(await raw(head + form)).not.toContain(' 200 ')
  })

  test('an upload that drips is ended by the time of a whole request', async () => {
    await start({ timeouts: { idle: 300, request: 900 } })
    const head = 'POST /api/0/organizations/acme/chunk-upload/ HTTP/1.1\r\nHost: 127.0.0.1\r\n'
    const form = 'Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000\r\n\r\n'
    expect(await raw(head + form, '-')).toMatch(/^(HTTP\/1.1 408 |$)/)
  })

  test('many of them do not keep others from uploading', async () => {
    await start()
    const { port } = new URL(server.url)
    const head = 'POST /api/0/organizations/acme/chunk-upload/ HTTP/1.1\r\nHost: 127.0.0.1\r\n'
    const form = `Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 9000000\r\n\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="${'0'.repeat(40)}"\r\n\r\n`
    const sockets = Array.from({ length: 100 }, () => connect(Number(port), '127.0.0.1'))
    for (const socket of sockets) {
      socket.on('error', () => {})
      socket.write(head + form + 'x'.repeat(100_000))
    }
    expect(await uploadBundle(server.url, makeBundle())).toMatchObject({ state: 'ok' })
    for (const socket of sockets) socket.destroy()
  })
})

describe('oversized bodies', () => {
  test('that say so are refused unread', async () => {
    await start()
    const head = (path: string) => `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999\r\n`
    expect(await raw(`${head('/api/0/organizations/acme/artifactbundle/assemble/')}\r\n`)).toMatch(/^HTTP\/1.1 413 /)
  })

  test('that do not end are cut off, and cost no memory', async () => {
    await start()
    const before = process.memoryUsage().rss
    for (const type of ['multipart/form-data; boundary=b', 'application/json']) {
      const path = type.startsWith('m') ? 'chunk-upload' : 'artifactbundle/assemble'
      const part = `--b\r\nContent-Disposition: form-data; name="file"; filename="${'0'.repeat(40)}"\r\n\r\n`
      const answer = await raw(
        `POST /api/0/organizations/acme/${path}/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n${part.length.toString(16)}\r\n${part}\r\n`,
        `100000\r\n${'x'.repeat(0x100000)}\r\n`,
      )
      expect(answer).toMatch(/^(HTTP\/1.1 4(00|13) |$)/)
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * MiB)
  })

  test('many that are small, together', async () => {
    await start({ limits: { heldBytes: MiB } })
    const { port } = new URL(server.url)
    const head =
      'POST /api/0/organizations/acme/releases/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900000\r\n\r\n'
    const first = connect(Number(port), '127.0.0.1')
    first.on('error', () => {})
    first.write(head + ' '.repeat(800_000))
    await expect.poll(() => gauge(server.url, 'mapseal_body_bytes')).toBeGreaterThan(300_000)
    expect(await raw(head + ' '.repeat(800_000))).toMatch(/^HTTP\/1.1 503 .*\r\nRetry-After: 1\r\n/s)
    first.destroy()
    await expect.poll(() => gauge(server.url, 'mapseal_body_bytes')).toBe(0)
    expect(await uploadBundle(server.url, makeBundle())).toMatchObject({ state: 'ok' })
  })

  test('many uploads on disk, together', async () => {
    await start({ limits: { spilledBytes: MiB } })
    const { body, contentType } = multipart([['file', 'x', Buffer.alloc(900_000)]])
    const head = `POST /api/0/organizations/acme/chunk-upload/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${contentType}\r\nContent-Length: ${body.length}\r\n\r\n`
    const first = connect(Number(new URL(server.url).port), '127.0.0.1')
    first.on('error', () => {})
    first.write(head)
    first.write(body.subarray(0, 800_000))
    await expect.poll(() => gauge(server.url, 'mapseal_spilled_bytes')).toBeGreaterThan(400_000)
    const bytes = Buffer.alloc(700_000)
    const chunk: [string, Buffer] = [sha1(bytes), bytes]
    const form = multipart([['file', ...chunk]])
    const send = async () =>
      fetch(`${server.url}/api/0/organizations/acme/chunk-upload/`, {
        method: 'POST',
        headers: { 'Content-Type': form.contentType },
        body: new Uint8Array(form.body),
      })
    expect((await send()).status).toBe(503)
    first.destroy()
    await expect.poll(() => gauge(server.url, 'mapseal_spilled_bytes')).toBe(0)
    expect((await send()).status).toBe(200)
  })

  test('of more parts than a request may have', async () => {
    await start()
    const parts = Array.from({ length: 70 }, (_, index): [string, Buffer] => {
      const bytes = Buffer.from(`part ${index}`)
      return [sha1(bytes), bytes]
    })
    const { status, text } = await sendChunks(server.url, parts)
    expect([status, text]).toEqual([400, '{"error":"Too many chunks"}'])
  })
})

/** Writes `text`, then `drip` again and again, until the server has had enough. */
async function raw(text: string, drip?: string): Promise<string> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  let received = ''
  socket.on('data', part => {
    received += part
  })
  socket.on('error', () => {})
  socket.write(text)
  const timer = drip && setInterval(() => socket.write(drip), drip.length > 10 ? 1 : 50)
  await new Promise(done => socket.once('close', done))
  clearInterval(timer || undefined)
  return received
}
