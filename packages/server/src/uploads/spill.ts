import { randomBytes } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StoreFailure } from '../store/failure.ts'

/** A temporary file for bytes that arrive, so that slow clients take no memory. */
export interface Spill extends AsyncDisposable {
  append(bytes: Uint8Array): Promise<void>
  /** The bytes appended so far. */
  size(): number
  read(offset: number, length: number): Promise<Buffer>
  /** For readers of archives. */
  fd: number
}

/**
 * The file is unlinked as soon as it is open: no other process can read the sources in it, and the system frees it however
 * the process ends, even by SIGKILL.
 */
export async function openSpill(): Promise<Spill> {
  const file = await openNameless().catch(fail)
  let size = 0
  return {
    fd: file.fd,
    size: () => size,
    async append(bytes) {
      const offset = size
      size += bytes.length
      for (let done = 0; done < bytes.length; ) {
        done += (await file.write(bytes, done, bytes.length - done, offset + done).catch(fail)).bytesWritten
      }
    },
    async read(offset, length) {
      const bytes = Buffer.allocUnsafe(length)
      for (let done = 0; done < length; ) {
        const { bytesRead } = await file.read(bytes, done, length - done, offset + done)
        if (bytesRead === 0) throw new RangeError('The temporary file ends early')
        done += bytesRead
      }
      return bytes
    },
    [Symbol.asyncDispose]: () => file.close(),
  }
}

/** A full disk is answered like a store that fails. */
function fail(cause: unknown): never {
  throw new StoreFailure(cause)
}

async function openNameless(): Promise<FileHandle> {
  const path = join(tmpdir(), `mapseal-${randomBytes(12).toString('hex')}`)
  const file = await open(path, 'wx+', 0o600)
  try {
    await rm(path)
  } catch (cause) {
    await file.close()
    throw cause
  }
  return file
}
