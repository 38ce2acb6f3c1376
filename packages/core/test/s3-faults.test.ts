import { inspect } from 'node:util'
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { FaultServer, Reply } from '../../../test/support/fault-server.ts'
import { startBucket, type TestBucket } from '../../../test/support/s3.ts'
import { s3Front } from '../../../test/support/s3-front.ts'
import { openBucket } from '../src/vault/s3/bucket.ts'
import { s3Store } from '../src/vault/s3/store.ts'

/** A real store behind a front that breaks. */

const always = 1_000_000
const bytes = Buffer.alloc(300_000, 'abc')
let bucket: TestBucket
let front: FaultServer
beforeAll(async () => {
  bucket = await startBucket()
})
afterAll(() => bucket?.stop())
beforeEach(async () => {
  front = await s3Front(bucket)
})
afterEach(async () => {
  Object.assign(process.env, bucket.store.env)
  delete process.env.AWS_SESSION_TOKEN
  await front.close()
})

const store = (name = bucket.name) => s3Store(`s3://${name}/web?endpoint=${front.url}`)

async function failureOf(work: Promise<unknown>): Promise<{ message: string; all: string }> {
  const error = await work.then(
    () => new Error('it worked'),
    cause => cause,
  )
  return { message: error.message, all: inspect(error, { depth: 10, showHidden: true }) }
}

const xml = (status: number, code: string, more = ''): Reply => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code} it is ${more}</Message>${more && `<Token-0>${more}</Token-0>`}</Error>`,
})

describe('is got over', () => {
  test.each([
    ['503, twice', { status: 503 }, 2],
    ['SlowDown, twice', xml(503, 'SlowDown'), 2],
    ['500', xml(500, 'InternalError'), 1],
    ['a reset before the request is read', { fault: 'reset' as const }, 2],
    ['a reset in the request', { fault: 'reset-in-request' as const }, 1],
  ])('%s', async (_, fault, times) => {
    front.fault('PUT', /.*/, fault, times)
    await store().put('a/b', bytes)
    expect((await store().get('a/b'))?.equals(bytes)).toBe(true)
    expect(front.requests.filter(({ method }) => method === 'PUT')).toHaveLength(times + 1)
  })

  test('an answer that breaks off', async () => {
    await store().put('a/b', bytes)
    front.fault('GET', /.*/, { fault: 'reset-in-answer' }, 2)
    expect((await store().get('a/b'))?.equals(bytes)).toBe(true)
  })
})

describe('an object in parts', () => {
  const pieces = Array.from({ length: 5 }, (_, index) => Buffer.alloc(16 << 20, index))
  const whole = Buffer.concat(pieces)
  const paths = (method: string) => front.requests.filter(each => each.method === method)
  const openUploads = async () => (await bucket.client.send(uploads)).Uploads ?? []
  const uploads = new ListMultipartUploadsCommand({ Bucket: 'maps' })

  test('gets over what passes', async () => {
    const writer = store().create('a/parts')
    front.fault('PUT', /.*/, { status: 503 }, 2)
    front.fault('POST', /.*/, xml(500, 'InternalError'))
    for (const piece of pieces) await writer.append(piece)
    front.fault('POST', /.*/, xml(503, 'SlowDown'))
    await writer.commit()
    expect((await store().get('a/parts'))?.equals(whole)).toBe(true)
    expect(paths('PUT')).toHaveLength(5)
    expect(await openBucket('s3://maps/web').renew('a/parts', whole.length)).toBe(true)
    expect((await store().get('a/parts'))?.equals(whole)).toBe(true)
  })

  test('is there although the word of it was lost', async () => {
    const writer = store().create('a/lost')
    for (const piece of pieces) await writer.append(piece)
    const begun = await openUploads()
    expect(begun.map(({ Key }) => Key)).toEqual(['web/a/lost'])
    front.fault('POST', /.*/, { fault: 'reset-in-answer' })
    await writer.commit()
    expect((await store().get('a/lost'))?.equals(whole)).toBe(true)
  })

  test('leaves nothing behind where it fails', async () => {
    const writer = store().create('a/failed')
    for (const piece of pieces) await writer.append(piece)
    front.fault('PUT', /.*/, xml(403, 'AccessDenied'), always)
    expect((await failureOf(writer.commit())).message).toMatch(
      /^\[mapseal\] \[s3\] PUT .*web\/a\/failed.* was answered 403/,
    )
    expect([await store().has('a/failed'), await openUploads()]).toEqual([false, []])
  })

  test('that a killed writer left is cleared away a day later, where that is allowed', async () => {
    const left = await openBucket('s3://maps/web').upload('packs/left')
    await left.add(pieces[0] as Buffer)
    const other = await openBucket('s3://maps').upload('other/left')
    await other.add(pieces[0] as Buffer)
    front.fault('GET', /.*/, xml(403, 'AccessDenied'))
    await store().tidy?.()
    await store().tidy?.()
    expect(await openUploads()).toHaveLength(2)
    await openBucket('s3://maps/web').endUploads('packs/', -60_000)
    expect((await openUploads()).map(({ Key }) => Key)).toEqual(['other/left'])
    await other.abort()
    expect(await openUploads()).toEqual([])
  })
})

test('reads a part from a store without range requests', async () => {
  front.fault('GET', /.*/, { body: '0123456789' }, 3)
  const read = async (offset: number, length: number) => `${await store().get('a/b', { offset, length })}`
  expect([await read(2, 3), await read(8, 100), await read(20, 5)]).toEqual(['234', '89', ''])
})

describe('errors name bucket, key and what to do', () => {
  test('a store that always fails', async () => {
    front.fault('PUT', /.*/, { status: 500 }, always)
    const { message } = await failureOf(store().put('a/b', bytes))
    expect(message).toMatch(
      /^\[mapseal\] \[s3\] PUT \(bucket maps, key web\/a\/b at http:\S+\) was answered 500: .*The problem is on the server side\. Try again when it is resolved\.$/,
    )
  })

  test('no server', async () => {
    await front.refuse()
    const { message } = await failureOf(store().get('a/b'))
    expect(message).toMatch(
      /GET \(bucket maps, key web\/a\/b at .* got no answer: ECONNREFUSED.* Check AWS_ENDPOINT_URL_S3 and the network/,
    )
  })

  test('a store that accepts and never answers', async () => {
    front.fault('*', /.*/, { fault: 'hang' }, always)
    const { message } = await failureOf(
      openBucket(`s3://maps?endpoint=${front.url}`, { idleMs: 300, exchangeMs: 2000 }).get('a'),
    )
    expect(message).toMatch(/key a at .* got no answer: .*Check AWS_ENDPOINT_URL_S3 and the network/)
  })

  test('a store that never ends its answer', async () => {
    await store().put('a/b', bytes)
    front.fault('GET', /.*/, { fault: 'slow', everyMs: 10_000 }, always)
    const limited = openBucket(`s3://maps/web?endpoint=${front.url}`, { idleMs: 300, exchangeMs: 2000 })
    expect((await failureOf(limited.get('a/b'))).message).toMatch(/GET \(bucket maps, key web\/a\/b .* got no answer/)
  })

  test('a bucket that does not exist, which is not an empty one', async () => {
    const advice = /was answered 404: NoSuchBucket: .*\. Create the bucket, or correct its name\.$/
    const absent = store('no-such-bucket')
    expect((await failureOf(absent.put('a/b', bytes))).message).toMatch(advice)
    expect((await failureOf(absent.get('a/b'))).message).toMatch(advice)
    expect((await failureOf(absent.list('a/')[Symbol.asyncIterator]().next())).message).toMatch(advice)
  })

  test('a wrong secret, which is left out', async () => {
    process.env.AWS_SECRET_ACCESS_KEY = 'do-not-tell-this'
    const { message, all } = await failureOf(store().put('a/b', bytes))
    expect(message).toMatch(/was answered 403: SignatureDoesNotMatch: .*Correct AWS_SECRET_ACCESS_KEY\.$/)
    expect(all).not.toContain('do-not-tell-this')
  })

  test('a refusal that repeats the token, which is left out', async () => {
    process.env.AWS_SESSION_TOKEN = 'do-not-tell-this'
    front.fault('*', /.*/, xml(400, 'InvalidToken', 'do-not-tell-this'), always)
    const { message, all } = await failureOf(store().put('a/b', bytes))
    expect(message).toMatch(
      /was answered 400: InvalidToken: InvalidToken it is \[redacted\]\. Correct AWS_SESSION_TOKEN, or unset it\.$/,
    )
    expect(all).not.toContain('do-not-tell-this')
  })

  test('no credentials at all', async () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete process.env[name]
    Object.assign(process.env, {
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_SHARED_CREDENTIALS_FILE: '/none',
      AWS_CONFIG_FILE: '/none',
    })
    const { message } = await failureOf(store().put('a/b', bytes))
    for (const name of ['AWS_EC2_METADATA_DISABLED', 'AWS_SHARED_CREDENTIALS_FILE', 'AWS_CONFIG_FILE'])
      delete process.env[name]
    expect(message).toMatch(/Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE\.$/)
  })

  test('what may not be done', async () => {
    front.fault('*', /.*/, xml(403, 'AccessDenied'), always)
    for (const work of [store().has('a/b'), store().delete('a/b')]) {
      expect((await failureOf(work)).message).toMatch(
        /was answered 403: .* Allow s3:GetObject, s3:PutObject, s3:DeleteObject/,
      )
    }
  })
})

describe('age', () => {
  test("is by the store's clock, whatever ours says", async () => {
    const ahead = new Date(Date.now() + 3 * 3_600_000)
    front.fault('GET', /.*/, {
      headers: { 'content-type': 'application/xml', date: ahead.toUTCString() },
      body: `<ListBucketResult><Contents><Key>web/a/b</Key><LastModified>${ahead.toISOString()}</LastModified></Contents></ListBucketResult>`,
    })
    for await (const { key, modified } of store().list('a/')) {
      expect(key).toBe('a/b')
      expect(Math.abs(modified.getTime() - Date.now())).toBeLessThan(60_000)
    }
    expect.assertions(2)
  })

  test('is renewed in the store, without sending anything again', async () => {
    await store().put('a/b', bytes)
    const [old] = await all()
    await new Promise(done => setTimeout(done, 1100))
    const renewing = openBucket(`s3://maps/web?endpoint=${front.url}`)
    expect(await renewing.renew('a/b')).toBe(true)
    expect((await all())[0]?.modified.getTime()).toBeGreaterThan(old?.modified.getTime() as number)
    expect((await store().get('a/b'))?.equals(bytes)).toBe(true)
    expect(await renewing.renew('a/none')).toBe(false)
    front.fault('PUT', /.*/, xml(501, 'NotImplemented'))
    expect(await renewing.renew('a/b')).toBe(false)
  })

  async function all() {
    const found = []
    for await (const object of store().list('a/')) found.push(object)
    return found
  }
})
