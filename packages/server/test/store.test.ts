import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { FaultServer, Reply } from '../../../test/support/fault-server.ts'
import { startBucket, type TestBucket } from '../../../test/support/s3.ts'
import { s3Front } from '../../../test/support/s3-front.ts'
import { createServer } from '../src/index.ts'
import { makeApp } from './app.ts'
import { makeBundle, multipart, sendChunks, sha1, uploadBundle } from './bundle.ts'
import { type Client, runClient } from './real-clients.ts'
import { startServer, type TestServer } from './start.ts'

/** An unusable vault is reported at the start; one that fails later is not the fault of a request. */

let dir: string
let bucket: TestBucket
let front: FaultServer
let location: string
beforeAll(async () => {
  bucket = await startBucket()
})
afterAll(() => bucket?.stop())
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mapseal-store-test-'))
  front = await s3Front(bucket)
  location = `s3://${bucket.name}/${sha1(Buffer.from(dir))}?endpoint=${front.url}`
})
afterEach(async () => {
  Object.assign(process.env, bucket.store.env)
  await front.close()
  await rm(dir, { recursive: true })
})

const denied: Reply = {
  status: 403,
  headers: { 'content-type': 'application/xml' },
  body: '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>',
}
const always = 1_000_000

describe('at the start', () => {
  const outcome = (vault: string) =>
    createServer({ port: 0, vault }).then(
      async server => {
        await server.close()
        return 'it is served'
      },
      (cause: Error) => `${cause.name}: ${cause.message}`,
    )

  test.each(['package.json', '/dev/null'])('%s is not a folder to write to', async name => {
    await writeFile(join(dir, 'package.json'), '{}')
    expect(await outcome(join(name.startsWith('/') ? '/' : dir, name))).toMatch(
      /^MapsealError: \[mapseal\] \[vault\] \/\S+ cannot be written: .*Make room or make it writable, or name another/,
    )
  })

  test('a bucket that is not there', async () => {
    expect(await outcome(location.replace(bucket.name, 'none'))).toMatch(
      /^HttpError: \[mapseal\] \[s3\] .*bucket none.*Create the bucket, or correct its name\.$/,
    )
  })

  test.each(['PUT', 'GET', 'DELETE'])('a bucket that refuses %s', async method => {
    front.fault(method, /.*/, denied, always)
    expect(await outcome(location)).toMatch(/^HttpError: .*was answered 403: AccessDenied.*Allow s3:GetObject/)
  })

  test('a bucket that refuses to list', async () => {
    const listing = new RegExp(`^/${bucket.name}/?$`)
    front.fault('GET', listing, denied, always)
    expect(await outcome(location)).toMatch(/^HttpError: \[mapseal\] \[s3\] LIST .*was answered 403/)
  })

  test('two servers at once leave nothing behind', async () => {
    const servers = await Promise.all([1, 2].map(() => createServer({ port: 0, vault: dir })))
    await Promise.all(servers.map(server => server.close()))
    expect((await readdir(dir, { recursive: true })).sort()).toEqual(['.gitignore', 'tmp'])
  })
})

describe('later', () => {
  let server: TestServer
  afterEach(() => server[Symbol.asyncDispose]())

  const start = async (vault: string) => {
    server = await startServer({ vault, org: 'acme', projects: ['web'] })
  }
  const bundle = makeBundle()
  const event = () =>
    fetch(`${server.url}/api/web/store/?sentry_key=${new URL(server.projects[0]?.dsn as string).username}`, {
      method: 'POST',
      body: '{"message":"hello"}',
    })
  async function chunk(): Promise<Response> {
    const { body, contentType } = multipart([['file', sha1(bundle), bundle]])
    const headers = { 'Content-Type': contentType }
    const url = `${server.url}/api/0/organizations/acme/chunk-upload/`
    return fetch(url, { method: 'POST', headers, body: new Uint8Array(body) })
  }
  async function expectRetry(answer: Response): Promise<void> {
    const { detail } = (await answer.json()) as { detail: string }
    expect([answer.status, answer.headers.get('retry-after'), detail]).toEqual([
      503,
      '5',
      'The vault cannot be used at the moment. Try again, or see the log of the server.',
    ])
  }

  test('a bucket that fails is answered 503, logged and counted; then all goes on', async () => {
    await start(location)
    front.fault('*', /.*/, denied, always)
    await expectRetry(await chunk())
    const answer = await event()
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    await expectRetry(answer)
    await expectRetry(await fetch(`${server.url}/api/0/organizations/acme/releases/`))
    const ready = async () => (await fetch(`${server.url}/readyz`)).status
    expect(await ready()).toBe(503)
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    const lines = server.log.filter(line => line.includes('"event":"store failed"'))
    expect(lines).toHaveLength(4)
    expect(lines[0]).toContain('was answered 403')
    for (const secret of Object.values(bucket.store.env).filter(value => /^[\w+/-]{16,}$/.test(value))) {
      expect(lines.join()).not.toContain(secret)
    }
    expect(server.log.join()).not.toContain('"event":"fault"')

    front.heal()
    expect([(await chunk()).status, (await event()).status]).toEqual([200, 200])
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5001 })
    onTestFinished(() => void vi.useRealTimers())
    expect(await ready()).toBe(200)
    expect(await uploadBundle(server.url, bundle)).toMatchObject({ state: 'ok' })
    const metrics = await (await fetch(`${server.url}/metrics`)).text()
    expect(metrics).toMatch(/^mapseal_store_failures_total\{operation="list"\} [1-9]/m)
  })

  test('a bundle that the store fails for is assembled when the client tries again', async () => {
    await start(location)
    await sendChunks(server.url, [[sha1(bundle), bundle]])
    // Every time: a slow server may answer the first requests before the store fails.
    front.fault('PUT', /.*\/packs\/.*/, denied, always)
    expect(await uploadBundle(server.url, bundle)).toMatchObject({ status: 503 })
    front.heal()
    expect(await uploadBundle(server.url, bundle)).toMatchObject({ status: 200, state: 'ok' })
  })

  test('a folder that is gone', async () => {
    await start(join(dir, 'vault'))
    await rename(join(dir, 'vault'), join(dir, 'moved'))
    await writeFile(join(dir, 'vault'), '')
    await expectRetry(await chunk())
    await expectRetry(await event())
    await rm(join(dir, 'vault'))
    await rename(join(dir, 'moved'), join(dir, 'vault'))
    expect([(await chunk()).status, (await event()).status]).toEqual([200, 200])
  })

  test('no room for what arrives', async () => {
    await start(join(dir, 'vault'))
    const { TMPDIR } = process.env
    process.env.TMPDIR = join(dir, 'none')
    try {
      await expectRetry(await chunk())
    } finally {
      if (TMPDIR === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = TMPDIR
    }
    expect((await chunk()).status).toBe(200)
  })

  test.each<Client>(['sentry-cli-2', 'sentry-cli-3'])('%s tries again', async client => {
    await start(location)
    const app = await makeApp()
    front.fault('PUT', /.*\/chunks\/.*/, denied)
    front.fault('PUT', /.*\/packs\/.*/, denied)
    const env = { SENTRY_URL: server.url, SENTRY_ORG: 'acme', SENTRY_PROJECT: 'web', SENTRY_AUTH_TOKEN: 'x'.repeat(64) }
    const args = ['sourcemaps', 'upload', '--wait', '--release', '1', app.dist]
    const { code, text } = await runClient(client, args, { cwd: app.dir, env })
    expect(code, `${text}\n${server.log.join('')}`).toBe(0)
    const metrics = await (await fetch(`${server.url}/metrics`)).text()
    expect(metrics).toContain('mapseal_store_failures_total{operation="put"} 2\n')
    await rm(app.dir, { recursive: true })
  })
})
