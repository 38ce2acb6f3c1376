import { rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { createVault, openStore } from '@mapseal/core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type App, makeApp, writeScript } from './app.ts'
import { assembleToEnd, makeBundle, multipart, sendChunks, sha1, uploadBundle } from './bundle.ts'
import { gauge, isTaken } from './gauge.ts'
import { runClient } from './real-clients.ts'
import { type ServeProcess, serveProcess } from './serve-process.ts'
import { storeKinds } from './stores.ts'

/** Any number of servers on one store, each of which may die at any moment. */

describe.each(storeKinds)('on $name', store => {
  beforeAll(() => store.start())
  afterAll(() => store.stop())

  let location: string
  let one: ServeProcess
  let other: ServeProcess
  beforeEach(async () => {
    location = await store.location()
    ;[one, other] = await Promise.all([start(), start()])
  })
  afterEach(async () => {
    for (const { child, ended } of [one, other]) {
      child.kill('SIGTERM')
      await ended
    }
  })

  const start = () => serveProcess(location, ['--project', 'api'])
  const vault = () => createVault(openStore(location, '/'))
  const release = async ({ url }: ServeProcess, version: string) =>
    (await fetch(`${url}/api/0/organizations/acme/releases/${version}/`)).status

  /** Everything that is listed is there whole. */
  async function expectWhole(): Promise<number> {
    const builds = await vault().records((file, cause) => expect.fail(`${file}: ${cause}`))
    for (const build of builds) {
      for await (const artifact of vault().artifacts(build)) expect(artifact.code.length).toBeGreaterThan(0)
    }
    return builds.length
  }

  const large = (length: number) =>
    makeBundle({
      source: Array.from({ length }, (_, index) => `f(${(index * 2654435761) >>> 7})`).join(';'),
      release: '1',
    })

  test('what goes to one is at the other, at once', async () => {
    const bundle = makeBundle()
    await sendChunks(one.url, [[sha1(bundle), bundle]])
    const body = { checksum: sha1(bundle), chunks: [sha1(bundle)], projects: ['web'] }
    expect(await assembleToEnd(other.url, body)).toMatchObject({ state: 'ok' })
    expect(await assembleToEnd(one.url, body)).toMatchObject({ state: 'ok' })
    expect(await expectWhole()).toBe(1)
    const created = await fetch(`${one.url}/api/0/organizations/acme/releases/`, {
      method: 'POST',
      body: JSON.stringify({ version: 'web@1', projects: ['web'] }),
    })
    expect([created.status, await release(other, 'web@1')]).toEqual([201, 200])
  })

  test('one bundle at both in the same instant is one build', async () => {
    for (let round = 1; round <= 4; round++) {
      const bundle = makeBundle({ source: `round(${round})` })
      const chunk = sha1(bundle)
      await sendChunks(one.url, [[chunk, bundle]])
      // Asks again where a server is slow, as clients do.
      const ask = ({ url }: ServeProcess, project: string) => uploadBundle(url, bundle, { projects: [project] })
      const states = await Promise.all([ask(one, 'web'), ask(other, 'api'), ask(one, 'web'), ask(other, 'api')])
      expect(states.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'ok'])
      expect(await expectWhole()).toBe(round)
    }
    const builds = await vault().records()
    expect(builds.map(({ projects }) => projects)).toEqual(builds.map(() => ['api', 'web']))
  })

  test('SIGKILL while chunks arrive, and again while they are assembled: the other goes on', async () => {
    const bundle = large(600_000)
    const chunkBytes = 512 * 1024
    const { body, contentType } = multipart([
      ['file', sha1(bundle.subarray(0, chunkBytes)), bundle.subarray(0, chunkBytes)],
    ])
    const socket = connect(Number(new URL(one.url).port), '127.0.0.1')
    socket.on('error', () => {})
    socket.write(
      `POST /api/0/organizations/acme/chunk-upload/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${contentType}\r\nContent-Length: ${body.length}\r\n\r\n`,
    )
    socket.write(body.subarray(0, body.length / 2))
    await isTaken(one.url)
    one.child.kill('SIGKILL')
    expect(await one.ended).toBe('SIGKILL')
    expect(await expectWhole()).toBe(0)

    one = await start()
    const dying = uploadBundle(one.url, bundle, { chunkBytes }).catch(() => 'cut off')
    await expect.poll(() => gauge(one.url, 'mapseal_chunks_total')).toBeGreaterThan(0)
    one.child.kill('SIGKILL')
    await Promise.all([dying, one.ended])
    expect(await expectWhole()).toBeLessThanOrEqual(1)

    expect(await uploadBundle(other.url, bundle, { chunkBytes })).toMatchObject({ state: 'ok' })
    expect(await expectWhole()).toBe(1)
  })

  test('a real client, whose server dies in mid-upload, tries again through the other', async () => {
    const app: App = await makeApp()
    const source = Array.from({ length: 200_000 }, (_, index) => `f(${(index * 2654435761) >>> 7})`).join(';')
    await writeScript(app.dist, 'app.js', source)
    const run = (url: string) =>
      runClient('sentry-cli-3', ['sourcemaps', 'upload', '--wait', '--release', '1', app.dist], {
        cwd: app.dir,
        env: { SENTRY_URL: url, SENTRY_ORG: 'acme', SENTRY_PROJECT: 'web', SENTRY_AUTH_TOKEN: 'x'.repeat(64) },
      })
    const first = run(one.url)
    await expect.poll(() => gauge(one.url, 'mapseal_chunks_total')).toBeGreaterThan(0)
    one.child.kill('SIGKILL')
    await Promise.all([first, one.ended])
    await expectWhole()
    expect(await run(other.url)).toMatchObject({ code: 0 })
    expect(await expectWhole()).toBe(1)
    await rm(app.dir, { recursive: true })
  })

  test('SIGTERM lets an upload under way finish', async () => {
    const bundle = makeBundle({ source: 'late()' })
    const { body, contentType } = multipart([['file', sha1(bundle), bundle]])
    const socket = connect(Number(new URL(one.url).port), '127.0.0.1')
    let received = ''
    socket.on('data', part => {
      received += part
    })
    socket.write(
      `POST /api/0/organizations/acme/chunk-upload/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${contentType}\r\nContent-Length: ${body.length}\r\n\r\n`,
    )
    socket.write(body.subarray(0, 100))
    await isTaken(one.url)
    one.child.kill('SIGTERM')
    const isDown = () =>
      fetch(`${one.url}/healthz`).then(
        () => false,
        () => true,
      )
    await expect.poll(isDown).toBe(true)
    socket.write(body.subarray(100))
    await new Promise(done => socket.once('close', done))
    expect(received).toMatch(/^HTTP\/1.1 200 OK\r\n/)
    expect(received).toContain('Connection: close')
    expect(await one.ended).toBe(0)
    const request = { checksum: sha1(bundle), chunks: [sha1(bundle)], projects: ['web'] }
    expect(await assembleToEnd(other.url, request)).toMatchObject({ state: 'ok' })
  })

  test('SIGTERM does not wait forever for a client', async () => {
    const socket = connect(Number(new URL(one.url).port), '127.0.0.1')
    socket.on('error', () => {})
    socket.write('POST /api/0/organizations/acme/releases/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{')
    await isTaken(one.url)
    one.child.kill('SIGTERM')
    expect(await one.ended).toBe(0)
    socket.destroy()
  })
})
