import { createQueue } from '../concurrency.ts'
import { readS3Url } from './s3-address.ts'
import { connectS3, type S3Connection, secretsOf } from './s3-connection.ts'
import { createLimit, type Limit } from './s3-limit.ts'
import { isAbsentObject, isBrokenOff, s3Problem } from './s3-problem.ts'

/** Objects below one prefix of a bucket. Every error names bucket and key, says what to do, and holds no secret. */
export interface S3Bucket {
  /** For people. */
  url: string
  /** Undefined where there is none. */
  get(key: string): Promise<Buffer | undefined>
  /** One request, so that the object is there whole or not at all. */
  put(key: string, bytes: Uint8Array, contentType?: string): Promise<void>
  /** Undefined where there is none. */
  head(key: string): Promise<{ modified: Date; size: number } | undefined>
  /** Makes an object as young as if just written; false where there is none, or where the store cannot. */
  renew(key: string): Promise<boolean>
  list(prefix: string): AsyncIterable<{ key: string; modified: Date }>
  delete(key: string): Promise<void>
}

/** At a time: the SDK has 50 connections, and what waits for one must not run out of time meanwhile. */
const parallel = 32

export interface S3Limits {
  /** Without a byte in either direction. */
  idleMs: number
  /** One exchange with all its tries, besides the time for its bytes. */
  exchangeMs: number
}

const usualLimits: S3Limits = { idleMs: 30_000, exchangeMs: 60_000 }

/** Of an answer that breaks off; before it begins, the SDK itself tries again. */
const readTries = 3

/** Opens nothing yet: the SDK is loaded and credentials are looked for at the first request. @throws MapsealError for `location` */
export function openBucket(location: string, limits: S3Limits = usualLimits): S3Bucket {
  const address = readS3Url(location)
  const enqueue = createQueue(parallel)
  let connection: Promise<S3Connection> | undefined

  async function exchange<Result>(
    action: string,
    key: string,
    work: (connection: S3Connection, limit: Limit) => Promise<Result>,
  ): Promise<Result> {
    connection ??= connectS3(address, limits.idleMs)
    const connected = await connection
    return enqueue(async () => {
      const limit = createLimit(limits.exchangeMs)
      try {
        return await Promise.race([work(connected, limit), limit.isOver])
      } catch (cause) {
        throw s3Problem(cause, address, action, key, await secretsOf(connected))
      } finally {
        limit.end()
      }
    })
  }

  const at = (key: string) => ({ Bucket: address.bucket, Key: address.prefix + key })
  // The store's times are by the store's clock, and age is asked by ours.
  const ours = (time: Date | undefined, { client }: S3Connection) =>
    new Date((time?.getTime() ?? Date.now()) - client.config.systemClockOffset)

  async function read(key: string, connected: S3Connection, limit: Limit, tries: number): Promise<Buffer> {
    const { sdk, client } = connected
    const { Body, ContentLength = 0 } = await client.send(new sdk.GetObjectCommand(at(key)), limit)
    limit.allowFor(ContentLength)
    try {
      const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array()
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    } catch (cause) {
      if (tries <= 1 || !isBrokenOff(cause)) throw cause
      return read(key, connected, limit, tries - 1)
    }
  }

  return {
    url: address.url,

    get: key =>
      exchange('GET', key, (connected, limit) => read(key, connected, limit, readTries).catch(whereAbsent(undefined))),

    put: (key, bytes, contentType = 'application/octet-stream') =>
      exchange('PUT', key, async ({ sdk, client }, limit) => {
        limit.allowFor(bytes.length)
        const object = { Body: bytes, ContentLength: bytes.length, ContentType: contentType }
        await client.send(new sdk.PutObjectCommand({ ...at(key), ...object }), limit)
      }),

    head: key =>
      exchange('HEAD', key, async (connected, limit) => {
        const { sdk, client } = connected
        const answer = await client.send(new sdk.HeadObjectCommand(at(key)), limit).catch(whereAbsent(undefined))
        return answer && { modified: ours(answer.LastModified, connected), size: answer.ContentLength ?? 0 }
      }),

    renew: key =>
      exchange('COPY', key, async ({ sdk, client }, limit) => {
        const { Bucket, Key } = at(key)
        const source = [Bucket, ...Key.split('/')].map(encodeURIComponent).join('/')
        const copy = new sdk.CopyObjectCommand({ Bucket, Key, CopySource: source, MetadataDirective: 'REPLACE' })
        return client.send(copy, limit).then(() => true, whereAbsent(false, 501))
      }),

    async *list(prefix) {
      let page: string | undefined
      do {
        const listed = await exchange('LIST', prefix, async (connected, limit) => {
          const { sdk, client } = connected
          const query = { Bucket: address.bucket, Prefix: address.prefix + prefix, ContinuationToken: page }
          const answer = await client.send(new sdk.ListObjectsV2Command(query), limit)
          const objects = (answer.Contents ?? []).map(({ Key = '', LastModified }) => ({
            key: Key.slice(address.prefix.length),
            modified: ours(LastModified, connected),
          }))
          return { objects, next: answer.IsTruncated ? answer.NextContinuationToken : undefined }
        })
        yield* listed.objects
        page = listed.next
      } while (page !== undefined)
    },

    delete: key =>
      exchange('DELETE', key, async ({ sdk, client }, limit) => {
        await client.send(new sdk.DeleteObjectCommand(at(key)), limit).catch(whereAbsent(undefined))
      }),
  }
}

function whereAbsent<Value>(value: Value, ...statuses: number[]): (cause: unknown) => Value {
  return cause => {
    if (isAbsentObject(cause, ...statuses)) return value
    throw cause
  }
}
