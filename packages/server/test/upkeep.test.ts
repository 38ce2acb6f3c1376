import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { createVault, openStore } from '@mapseal/core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createBuildIndex } from '../src/builds/index.ts'
import { createMetrics } from '../src/http/metrics.ts'
import { createLog } from '../src/index.ts'
import { resolveServerOptions } from '../src/options.ts'
import { createUpkeep } from '../src/upkeep.ts'
import { createUploads } from '../src/uploads/uploads.ts'
import { makeBundle, sendChunks, sha1, uploadBundle } from './bundle.ts'
import { startServer, type TestServer } from './start.ts'

let server: TestServer
beforeEach(async () => {
  server = await startServer({ org: 'acme', projects: ['web'] })
})
afterEach(() => {
  vi.useRealTimers()
  return server[Symbol.asyncDispose]()
})

const store = () => openStore(server.dir, '/')
const prune = (retain?: number) =>
  createUploads({
    store: store(),
    vault: createVault(store()),
    builds: createBuildIndex(store()),
    options: resolveServerOptions(retain === undefined ? {} : { retain }),
    metrics: createMetrics(),
  }).prune()

async function keys(prefix: string): Promise<string[]> {
  const found: string[] = []
  for await (const { key } of store().list(prefix)) found.push(key)
  return found
}

/** As if everything below `prefix` had been written days ago. */
async function age(prefix: string, days: number): Promise<void> {
  const time = new Date(Date.now() - days * 86_400_000)
  for (const key of await keys(prefix)) await utimes(join(server.dir, key), time, time)
}

async function uploadFile(name: string): Promise<number> {
  const form = new FormData()
  form.set('name', `~/${name}`)
  form.set('file', new Blob([`// ${name}`]), name)
  const path = '/api/0/projects/acme/web/releases/1/files/'
  return (await fetch(server.url + path, { method: 'POST', body: form })).status
}

test('chunks and states go by age, builds and packs stay', async () => {
  expect(await uploadBundle(server.url, makeBundle())).toMatchObject({ state: 'ok' })
  const late = Buffer.from('needed again')
  await sendChunks(server.url, [[sha1(late), late]])
  for (const prefix of ['chunks/', 'packs/', 'builds/']) await age(prefix, 8)
  await age('bundles/', 31)
  await sendChunks(server.url, [[sha1(late), late]])
  await prune()
  expect(await keys('chunks/')).toEqual([`chunks/${sha1(late).slice(0, 2)}/${sha1(late)}`])
  expect(await keys('bundles/')).toEqual([])
  expect([(await keys('packs/')).length, (await keys('builds/')).length]).toEqual([1, 1])
})

test('builds beyond those to retain go with their packs, and with the release files in them', async () => {
  await fetch(`${server.url}/api/0/projects/acme/web/releases/`, { method: 'POST', body: '{"version":"1"}' })
  expect([await uploadFile('a.js'), await uploadFile('b.js')]).toEqual([201, 201])
  expect(await uploadFile('a.js')).toBe(409)
  // The later build has the later ID.
  vi.setSystemTime(Date.now() + 1)
  expect(await uploadBundle(server.url, makeBundle(), { version: '2' })).toMatchObject({ state: 'ok' })
  for (const prefix of ['packs/', 'releases/']) await age(prefix, 1)
  await prune(2)
  expect(await uploadFile('a.js')).toBe(409)
  await prune(1)
  const [kept, ...others] = await createVault(store()).records()
  expect([kept?.release?.name, others]).toEqual(['2', []])
  expect(await keys('packs/')).toHaveLength(1)
  expect(await uploadFile('a.js')).toBe(201)
  for (const build of await createVault(store()).records()) {
    for await (const artifact of createVault(store()).artifacts(build)) expect(artifact.code.length).toBeGreaterThan(0)
  }
})

test('a task that fails is logged, and does not keep others from their turn; closing waits for it', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] })
  const lines: string[] = []
  let end = () => {}
  const turns: string[] = []
  const upkeep = createUpkeep(
    {
      broken: () => Promise.reject(new Error('the disk is full')),
      slow: () =>
        new Promise(done => {
          turns.push('slow')
          end = done
        }),
    },
    createLog(line => lines.push(line), 'text'),
  )
  await vi.advanceTimersByTimeAsync(60_000)
  expect([turns, lines.join()]).toEqual([['slow'], expect.stringContaining('warn upkeep task=broken message=the disk')])
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(turns, 'not twice at the same time').toEqual(['slow'])
  let isClosed = false
  const closing = upkeep.close().then(() => {
    isClosed = true
  })
  await Promise.resolve()
  expect(isClosed).toBe(false)
  end()
  await closing
})
