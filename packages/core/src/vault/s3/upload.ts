import type { S3Connection } from './connection.ts'
import type { Limit } from './limit.ts'
import { isAbsentObject } from './problem.ts'

/** One request with its tries; its errors say what to do. */
export type Exchange = <Result>(
  action: string,
  key: string,
  work: (connection: S3Connection, limit: Limit) => Promise<Result>,
) => Promise<Result>

/** An object that comes in parts, each but the last of at least 5 MiB. Nothing is there before `complete`. */
export interface S3Upload {
  /** In the order of the calls; several may be on their way. */
  add(part: Uint8Array): Promise<void>
  complete(): Promise<void>
  abort(): Promise<void>
}

/** An upload that was started and not ended. */
interface OpenUpload {
  Key: string
  UploadId: string
}

export async function beginUpload(
  exchange: Exchange,
  at: { Bucket: string; Key: string },
  key: string,
): Promise<S3Upload> {
  const { UploadId } = await exchange('POST', key, ({ sdk, client }, limit) => {
    const object = { ...at, ContentType: 'application/octet-stream' }
    return client.send(new sdk.CreateMultipartUploadCommand(object), limit)
  })
  const parts: { PartNumber: number; ETag?: string | undefined }[] = []

  return {
    async add(bytes) {
      const part: (typeof parts)[number] = { PartNumber: parts.length + 1 }
      parts.push(part)
      const { ETag } = await exchange('PUT', key, ({ sdk, client }, limit) => {
        limit.allowFor(bytes.length)
        const body = { Body: bytes, ContentLength: bytes.length, PartNumber: part.PartNumber }
        return client.send(new sdk.UploadPartCommand({ ...at, UploadId, ...body }), limit)
      })
      part.ETag = ETag
    },

    complete: () =>
      exchange('POST', key, async ({ sdk, client }, limit) => {
        const whole = { ...at, UploadId, MultipartUpload: { Parts: parts } }
        await client.send(new sdk.CompleteMultipartUploadCommand(whole), limit).catch(async cause => {
          // It had an answer before, which was lost on its way. No other process writes this key.
          if (!isAbsentObject(cause)) throw cause
          await client.send(new sdk.HeadObjectCommand(at), limit).catch(() => Promise.reject(cause))
        })
      }),

    abort: () =>
      exchange('DELETE', key, connection => end(connection, at.Bucket, { Key: at.Key, UploadId } as OpenUpload)),
  }
}

/** Ends what was begun below `prefix` before `limit`, as far as the store knows of it and allows it. */
export async function endUploads(exchange: Exchange, bucket: string, prefix: string, limit: Date): Promise<void> {
  await exchange('LIST', prefix, async connection => {
    const { sdk, client } = connection
    const query = { Bucket: bucket, Prefix: prefix }
    const answer = await client.send(new sdk.ListMultipartUploadsCommand(query)).catch(whereRefused)
    for (const { Key, UploadId, Initiated } of answer?.Uploads ?? []) {
      const isOld = Key !== undefined && UploadId !== undefined && Initiated !== undefined && Initiated < limit
      if (isOld) await end(connection, bucket, { Key, UploadId })
    }
  })
}

async function end({ sdk, client }: S3Connection, bucket: string, upload: OpenUpload): Promise<void> {
  await client.send(new sdk.AbortMultipartUploadCommand({ Bucket: bucket, ...upload })).catch(whereRefused)
}

/** Rights that only this needs, and calls that some stores lack: the bucket's own rules can do without us. */
function whereRefused(cause: unknown): undefined {
  if (!isAbsentObject(cause, 403, 405, 501)) throw cause
}
