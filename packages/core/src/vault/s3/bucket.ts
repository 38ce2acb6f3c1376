import { createQueue } from '../../concurrency.ts'
import { MapsealError } from '../../errors.ts'
import type { Network } from '../../http/types.ts'
import type { Range } from '../store.ts'
import { readS3Url } from './address.ts'
import { connectS3, type S3Connection, secretsOf } from './connection.ts'
import { createLimit, type Limit } from './limit.ts'
import { isAbsentObject, isBrokenOff, s3Problem } from './problem.ts'
import { beginUpload, type Exchange, endUploads, type S3Upload } from './upload.ts'

/** Objects below one prefix of a bucket. Every error names bucket and key, says what to do, and holds no secret. */
export interface S3Bucket {
  /** For people. */
  url: string
  /** Whether credentials are found the way all of Amazon's tools find them. @throws MapsealError if the SDK is not installed */
  hasCredentials(): Promise<boolean>
  /** Undefined where there is none. Of a range, what there is of it. */
  get(key: string, range?: Range): Promise<Buffer | undefined>
  /** One request, so that the object is there whole or not at all. */
  put(key: string, bytes: Uint8Array, contentType?: string): Promise<void>
  /** An object with the tag of its content, by which `replace` knows it. Undefined where there is none. */
  getTagged(key: string): Promise<{ bytes: Buffer; tag: string | undefined } | undefined>
  /**
   * As `put`, unless another has written it since.
   *
   * @param tag undefined where there was none
   * @returns whether it was written. A store without conditional writes always does
   */
  replace(key: string, bytes: Uint8Array, tag: string | undefined, contentType?: string): Promise<boolean>
  /** For what is too large for memory, or for one request. */
  upload(key: string): Promise<S3Upload>
  /** Ends the uploads below `prefix` that were begun more than `ms` ago, and that no process continues. */
  endUploads(prefix: string, ms: number): Promise<void>
  /** Undefined where there is none. */
  head(key: string): Promise<{ modified: Date; size: number } | undefined>
  /** Makes an object, of `size` bytes, as young as if just written; false where there is none, or where the store cannot. */
  renew(key: string, size?: number): Promise<boolean>
  /** @param after leaves out the keys up to this one */
  list(prefix: string, after?: string): AsyncIterable<{ key: string; modified: Date }>
  delete(key: string): Promise<void>
}

/** At a time: the SDK has 50 connections, and what waits for one must not run out of time meanwhile. */
const parallel = 32

export interface S3Settings {
  /** Without a byte in either direction. @default 30 s */
  idleMs?: number
  /** One exchange with all its tries, besides the time for its bytes. @default 60 s */
  exchangeMs?: number
  /** Ends whatever is under way. */
  signal?: AbortSignal
  ca?: Network['ca']
}

/** Tries of an exchange whose answer breaks off or is not HTTP; in all other cases the SDK itself tries again. */
const tries = 3

/** Opens nothing yet: the SDK is loaded and credentials are looked for at the first request. @throws MapsealError for `location` */
export function openBucket(location: string, settings: S3Settings = {}): S3Bucket {
  const { idleMs = 30_000, exchangeMs = 60_000, signal, ca } = settings
  const address = readS3Url(location)
  const enqueue = createQueue(parallel)
  let connection: Promise<S3Connection> | undefined
  /** Until the store says that it has no conditional writes. */
  let isConditional = true
  // One listener on the caller's signal, however many exchanges: Node warns of more than ten.
  const underWay = new Set<Limit>()
  const abortAll = () => {
    for (const limit of underWay) limit.abort(signal?.reason)
  }

  function begin(): Limit {
    const limit = createLimit(exchangeMs)
    if (underWay.size === 0) signal?.addEventListener('abort', abortAll)
    underWay.add(limit)
    return limit
  }

  function end(limit: Limit): void {
    limit.end()
    underWay.delete(limit)
    if (underWay.size === 0) signal?.removeEventListener('abort', abortAll)
  }

  const exchange: Exchange = async (action, key, work) => {
    connection ??= connectS3(address, idleMs, ca)
    const connected = await connection
    return enqueue(async () => {
      signal?.throwIfAborted()
      const limit = begin()
      try {
        return await Promise.race([tryOften(() => work(connected, limit)), limit.isOver])
      } catch (cause) {
        // Such as of a proxy's variable, which says what to do.
        if (cause instanceof MapsealError) throw cause
        throw s3Problem(cause, address, action, key, await secretsOf(connected))
      } finally {
        end(limit)
      }
    })
  }

  const at = (key: string) => ({ Bucket: address.bucket, Key: address.prefix + key })
  // The store's times are by the store's clock, and age is asked by ours.
  const ours = (time: Date | undefined, { client }: S3Connection) =>
    new Date((time?.getTime() ?? Date.now()) - client.config.systemClockOffset)

  return {
    url: address.url,

    async hasCredentials() {
      connection ??= connectS3(address, idleMs, ca)
      const { client } = await connection
      return client.config.credentials().then(
        () => true,
        () => false,
      )
    },

    get: (key, range) =>
      exchange('GET', key, async ({ sdk, client }, limit) => {
        const query = { ...at(key), ...(range && { Range: rangeHeader(range) }) }
        const answer = await client.send(new sdk.GetObjectCommand(query), limit).catch(whereBeyondEnd)
        if (answer === 'beyond its end') return Buffer.alloc(0)
        if (!answer?.Body) return undefined
        limit.allowFor(answer.ContentLength ?? 0)
        const bytes = await answer.Body.transformToByteArray()
        const got = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
        if (!range) return got
        // Without this header it is the whole object: some stores know no ranges.
        const start = answer.ContentRange === undefined ? range.offset : 0
        return got.subarray(start, start + range.length)
      }),

    put: (key, bytes, contentType = 'application/octet-stream') =>
      exchange('PUT', key, async ({ sdk, client }, limit) => {
        limit.allowFor(bytes.length)
        const object = { Body: bytes, ContentLength: bytes.length, ContentType: contentType }
        await client.send(new sdk.PutObjectCommand({ ...at(key), ...object }), limit)
      }),

    getTagged: key =>
      exchange('GET', key, async ({ sdk, client }, limit) => {
        const answer = await client.send(new sdk.GetObjectCommand(at(key)), limit).catch(whereAbsent(undefined))
        if (!answer?.Body) return undefined
        limit.allowFor(answer.ContentLength ?? 0)
        return { bytes: Buffer.from(await answer.Body.transformToByteArray()), tag: answer.ETag }
      }),

    replace: (key, bytes, tag, contentType = 'application/octet-stream') =>
      exchange('PUT', key, async ({ sdk, client }, limit) => {
        limit.allowFor(bytes.length)
        const object = { ...at(key), Body: bytes, ContentLength: bytes.length, ContentType: contentType }
        const condition = tag === undefined ? { IfNoneMatch: '*' } : { IfMatch: tag }
        // Another that is under way may learn it first.
        const hasCondition = isConditional
        try {
          await client.send(new sdk.PutObjectCommand({ ...object, ...(hasCondition && condition) }), limit)
          return true
        } catch (cause) {
          if (isAbsentObject(cause, 409, 412)) return false
          if (!hasCondition || !isAbsentObject(cause, 501)) throw cause
        }
        isConditional = false
        await client.send(new sdk.PutObjectCommand(object), limit)
        return true
      }),

    upload: key => beginUpload(exchange, at(key), key),

    endUploads: async (prefix, ms) => {
      await endUploads(exchange, address.bucket, address.prefix + prefix, new Date(Date.now() - ms))
    },

    head: key =>
      exchange('HEAD', key, async (connected, limit) => {
        const { sdk, client } = connected
        const answer = await client.send(new sdk.HeadObjectCommand(at(key)), limit).catch(whereAbsent(undefined))
        return answer && { modified: ours(answer.LastModified, connected), size: answer.ContentLength ?? 0 }
      }),

    renew: (key, size = 0) =>
      exchange('COPY', key, async ({ sdk, client }, limit) => {
        limit.allowFor(size)
        const { Bucket, Key } = at(key)
        const source = [Bucket, ...Key.split('/')].map(encodeURIComponent).join('/')
        const copy = new sdk.CopyObjectCommand({ Bucket, Key, CopySource: source, MetadataDirective: 'REPLACE' })
        return client.send(copy, limit).then(() => true, whereAbsent(false, 501))
      }),

    async *list(prefix, after) {
      let page: string | undefined
      do {
        const listed = await exchange('LIST', prefix, async (connected, limit) => {
          const { sdk, client } = connected
          const query = { Bucket: address.bucket, Prefix: address.prefix + prefix, ContinuationToken: page }
          const start = after !== undefined && { StartAfter: address.prefix + after }
          const answer = await client.send(new sdk.ListObjectsV2Command({ ...query, ...start }), limit)
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

async function tryOften<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let left = tries - 1; ; left--) {
    try {
      return await work()
    } catch (cause) {
      if (left === 0 || !isBrokenOff(cause)) throw cause
    }
  }
}

/** A byte at least, for there is no way to ask for none. */
function rangeHeader({ offset, length }: Range): string {
  return `bytes=${offset}-${offset + Math.max(length, 1) - 1}`
}

function whereBeyondEnd(cause: unknown): 'beyond its end' | undefined {
  if ((cause as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 416) return 'beyond its end'
  return whereAbsent(undefined)(cause)
}

function whereAbsent<Value>(value: Value, ...statuses: number[]): (cause: unknown) => Value {
  return cause => {
    if (isAbsentObject(cause, ...statuses)) return value
    throw cause
  }
}
