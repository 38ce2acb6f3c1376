import { createHash } from 'node:crypto'
import { inspect } from 'node:util'
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import type { Artifact, BuildRecord, DeliveryContext } from '@mapseal/core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { FaultServer } from '../../../test/support/fault-server.ts'
import { startBucket, type TestBucket } from '../../../test/support/s3.ts'
import { s3Front } from '../../../test/support/s3-front.ts'
import { s3 } from '../src/s3.ts'

let bucket: TestBucket
let front: FaultServer
let prefix: string
let count = 0
beforeAll(async () => {
  bucket = await startBucket()
})
afterAll(() => bucket?.stop())
beforeEach(async () => {
  prefix = `web-${count++}`
  front = await s3Front(bucket)
})
afterEach(() => front.close())

const ids = ['11111111-2222-8333-8444-555555555555', '22222222-2222-8333-8444-555555555555']
const artifact = (path: string, map: string, debugId = ids[0] as string): Artifact => ({
  path,
  debugId,
  code: Buffer.from('x'),
  map: Buffer.from(map),
})

async function deliver(
  artifacts: Artifact[],
  release: BuildRecord['release'] | undefined = { name: '1.4.0', source: '' },
  context: Partial<DeliveryContext> = {},
) {
  const files = artifacts.map(({ path, debugId, map }) => {
    const blob = { sha256: '', size: map?.length ?? 0, pack: '', offset: 0, length: 0, crc32: 0 }
    return { path, outDir: '', debugId, code: blob, ...(map ? { map: blob } : {}) }
  })
  const build: BuildRecord = {
    id: 'build-1',
    version: 1,
    createdAt: '',
    files,
    deliveries: {},
    ...(release && { release }),
  }
  const fetch = () => Promise.reject(new Error('not used'))
  const logger = { info() {}, warn() {}, error() {} }
  const signal = new AbortController().signal
  const each = (async function* () {
    yield* artifacts
  })()
  return s3({ bucket: bucket.name, prefix, endpoint: front.url }).deliver(build, each, {
    fetch,
    logger,
    signal,
    ...context,
  })
}

async function contents(): Promise<Record<string, string>> {
  const { Contents = [] } = await bucket.client.send(
    new ListObjectsV2Command({ Bucket: bucket.name, Prefix: `${prefix}/` }),
  )
  const found: Record<string, string> = {}
  for (const { Key = '' } of Contents) {
    const { Body, ContentType } = await bucket.client.send(new GetObjectCommand({ Bucket: bucket.name, Key }))
    expect(ContentType).toBe('application/json')
    found[Key.slice(prefix.length + 1)] = (await Body?.transformToString()) ?? ''
  }
  return found
}

/** Without the manifests. */
async function maps(): Promise<Record<string, string>> {
  return Object.fromEntries(Object.entries(await contents()).filter(([key]) => !key.startsWith('builds/')))
}

test('maps lie by release and by debug ID', async () => {
  const progress: [number, number][] = []
  const withoutMap: Artifact = { path: 'runtime.js', debugId: 'x', code: Buffer.from('x') }
  const report = await deliver(
    [artifact('assets/a.js', '{"a":1}'), artifact('b.js', '{"b":2}', ids[1]), withoutMap],
    { name: 'shop@1.4.0/rc', dist: 'web', source: '' },
    { onProgress: (...numbers) => void progress.push(numbers) },
  )
  expect(report).toEqual({ artifacts: 2, message: `in s3://maps/${prefix}` })
  expect(await maps()).toEqual({
    'releases/shop%401.4.0%2Frc/web/assets/a.js.map': '{"a":1}',
    'releases/shop%401.4.0%2Frc/web/b.js.map': '{"b":2}',
    [`debug-ids/${ids[0]}.map`]: '{"a":1}',
    [`debug-ids/${ids[1]}.map`]: '{"b":2}',
  })
  expect(progress.at(-1)).toEqual([14, 14])
})

test('the manifest lists the maps of a build, those of its parts too', async () => {
  const release = { name: '1.4.0', dist: 'web', source: '' }
  await deliver([artifact('b.js', '{"b":2}', ids[1])], release)
  await deliver([artifact('a.js', '{"a":1}')], release, { isAddition: true })
  const manifest = JSON.parse((await contents())['builds/build-1.json'] ?? '')
  const listed = (path: string, debugId: string | undefined, text: string) => ({
    path,
    debugId,
    map: `debug-ids/${debugId}.map`,
    sha256: createHash('sha256').update(text).digest('hex'),
    size: text.length,
  })
  expect(manifest).toEqual({
    version: 1,
    id: 'build-1',
    createdAt: '',
    release: '1.4.0',
    dist: 'web',
    maps: [listed('a.js', ids[0], '{"a":1}'), listed('b.js', ids[1], '{"b":2}')],
  })
})

test('a build without a release, and one without files', async () => {
  expect(await deliver([], undefined)).toMatchObject({ artifacts: 0 })
  const builds = s3({ bucket: bucket.name, prefix, endpoint: front.url })
  const build: BuildRecord = { id: 'build-1', version: 1, createdAt: '', files: [], deliveries: {} }
  const each = (async function* () {
    yield artifact('a.js', '{}')
  })()
  await builds.deliver(build, each, { signal: new AbortController().signal } as DeliveryContext)
  expect(Object.keys(await maps())).toEqual([`debug-ids/${ids[0]}.map`, 'releases/build-1/a.js.map'])
})

test('names that are not ASCII, and names that would lead elsewhere', async () => {
  await deliver([artifact('größe-日本.js', '{"a":1}'), artifact('[id]/a b+c%20.js', '{"b":1}', ids[1])], {
    name: '..',
    source: '',
  })
  expect(Object.keys(await maps()).filter(key => key.startsWith('releases/'))).toEqual([
    'releases/%2E%2E/[id]/a b+c%20.js.map',
    'releases/%2E%2E/größe-日本.js.map',
  ])
})

test('the same again changes nothing; other bytes go beside', async () => {
  await deliver([artifact('a.js', '{"a":1}')])
  const before = front.requests.filter(({ method }) => method === 'PUT').length
  expect((await deliver([artifact('a.js', '{"a":1}')])).message).toBe(`in s3://maps/${prefix}`)
  expect(front.requests.filter(({ method }) => method === 'PUT')).toHaveLength(before)

  const again = [artifact('a.js', '{"a":2}', ids[1])]
  expect((await deliver(again)).message).toBe(`in s3://maps/${prefix}, 1 beside other maps of the same name`)
  await deliver(again)
  await deliver([artifact('a.js', '{"longer":1}')])
  expect(await maps()).toEqual({
    'releases/1.4.0/a.js.map': '{"a":1}',
    [`releases/1.4.0/a.js.${ids[1]}-${part('{"a":2}')}.map`]: '{"a":2}',
    [`releases/1.4.0/a.js.${ids[0]}-${part('{"longer":1}')}.map`]: '{"longer":1}',
    [`debug-ids/${ids[0]}.map`]: '{"a":1}',
    [`debug-ids/${ids[0]}-${part('{"longer":1}')}.map`]: '{"longer":1}',
    [`debug-ids/${ids[1]}.map`]: '{"a":2}',
  })
})

function part(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}

test('a large map, and many, without a warning', async () => {
  const warnings: string[] = []
  const onWarning = ({ name }: Error) => warnings.push(name)
  process.on('warning', onWarning)
  const large = `{"mappings":"${'A'.repeat(30_000_000)}"}`
  const many = Array.from({ length: 60 }, (_, index) => artifact(`${index}.js`, `{"n":${index}}`, `${index}`))
  expect(await deliver([artifact('large.js', large, 'large'), ...many])).toMatchObject({ artifacts: 61 })
  const found = await maps()
  expect(Object.keys(found)).toHaveLength(122)
  expect(found['debug-ids/large.map'] === large).toBe(true)
  process.off('warning', onWarning)
  expect(warnings).not.toContain('MaxListenersExceededWarning')
})

describe('faults', () => {
  test.each([
    ['500, then well', { status: 500 }],
    ['429 with Retry-After', { status: 429, headers: { 'retry-after': '1' } }],
    ['a reset', { fault: 'reset' as const }],
  ])('%s, is got over', async (_, fault) => {
    front.fault('PUT', /.*/, fault)
    expect(await deliver([artifact('a.js', '{"a":1}')])).toMatchObject({ artifacts: 1 })
    expect(Object.values(await maps())).toEqual(['{"a":1}', '{"a":1}'])
  })

  test.each([
    ['403', { status: 403 }, /was answered 403.*Allow s3:GetObject, s3:PutObject/],
    ['413', { status: 413 }, /was answered 413.*Raise its limit/],
    ['500, always', { status: 500 }, /was answered 500.*Try again when it is resolved/],
  ])('%s, is an error with bucket and key, and no secret', async (_, fault, message) => {
    front.fault('PUT', /.*/, fault, 1_000_000)
    const error = await deliver([artifact('a.js', '{"a":1}')]).catch((cause: Error) => cause)
    expect((error as Error).message).toMatch(message)
    expect((error as Error).message).toContain(`bucket maps, key ${prefix}/`)
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(bucket.store.env.AWS_SECRET_ACCESS_KEY)
  })

  test('an abort ends what is under way', async () => {
    front.fault('PUT', /.*/, { fault: 'hang' }, 1_000_000)
    const controller = new AbortController()
    setTimeout(() => controller.abort(new Error('Interrupted')), 300)
    await expect(deliver([artifact('a.js', '{}')], undefined, { signal: controller.signal })).rejects.toThrow(
      'Interrupted',
    )
  })

  test.each([
    [{ bucket: '' }, /The bucket is not named\. Write s3\({ bucket/],
    [{ bucket: 'a/b' }, /is not a bucket with a prefix/],
    [{ bucket: 'maps', prefix: '../x' }, /is not a bucket with a prefix/],
    [{ bucket: 'maps', endpoint: 'minio:9000' }, /endpoint is not a URL/],
  ])('%j is refused at once', (options, message) => {
    expect(() => s3(options)).toThrow(message)
  })
})
