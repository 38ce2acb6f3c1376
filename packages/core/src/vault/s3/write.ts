import type { StoreWriter } from '../store.ts'
import type { S3Bucket } from './bucket.ts'
import type { S3Upload } from './upload.ts'

/** What is smaller goes up in one request; of what is larger, so much at a time is held in memory. */
const partBytes = 32 << 20

/** An object that comes in pieces: nothing is under the key before `commit`. */
export function writeObject(bucket: S3Bucket, key: string): StoreWriter {
  let pieces: Uint8Array[] = []
  let size = 0
  let upload: Promise<S3Upload> | undefined
  const sent: Promise<void>[] = []

  function take(): Buffer {
    const bytes = Buffer.concat(pieces, size)
    pieces = []
    size = 0
    return bytes
  }

  function send(): Promise<void> {
    const part = take()
    upload ??= bucket.upload(key)
    // In the order of the calls, since all wait for the same promise.
    const sending = upload.then(({ add }) => add(part))
    sent.push(sending)
    return sending
  }

  async function discard(): Promise<void> {
    if (!upload) return
    await Promise.allSettled(sent)
    // Another error is the one to tell, and pruning ends what is left.
    await upload.then(({ abort }) => abort()).catch(() => {})
  }

  return {
    async append(bytes) {
      pieces.push(bytes)
      size += bytes.length
      if (size >= partBytes) await send()
    },
    async commit() {
      if (!upload) return bucket.put(key, take())
      try {
        if (size > 0) await send()
        await Promise.all(sent)
        await (await upload).complete()
      } catch (cause) {
        await discard()
        throw cause
      }
    },
    discard,
  }
}
