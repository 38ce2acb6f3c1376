import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bytes } from '@mapseal/core'
import { MapsealError, reason } from '@mapseal/core'

/** Bytes put aside on disk, so that memory holds one artifact at a time. */
export interface Spill {
  /** @returns the offset of the first byte */
  append(bytes: Bytes): Promise<number>
  read(offset: number, length: number): Promise<Buffer>
  close(): Promise<void>
}

/**
 * The file has no name as soon as it is open: nobody else can read the sources in it, and whatever ends the process, a
 * SIGKILL too, the system takes it back.
 */
export async function openSpill(): Promise<Spill> {
  const file = await openNameless()
  let size = 0
  return {
    async append(bytes) {
      const offset = size
      size += bytes.length
      try {
        for (let done = 0; done < bytes.length; ) {
          done += (await file.write(bytes, done, bytes.length - done, offset + done)).bytesWritten
        }
      } catch (cause) {
        throw unwritable(cause)
      }
      return offset
    },
    async read(offset, length) {
      const bytes = Buffer.allocUnsafe(length)
      for (let done = 0; done < length; ) {
        const { bytesRead } = await file.read(bytes, done, length - done, offset + done)
        if (bytesRead === 0) throw new MapsealError('sentry', 'The temporary file ends early. Deliver again.')
        done += bytesRead
      }
      return bytes
    },
    close: () => file.close(),
  }
}

async function openNameless() {
  try {
    const folder = await mkdtemp(join(tmpdir(), 'mapseal-bundle-'))
    try {
      return await open(join(folder, 'bundle'), 'wx+', 0o600)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  } catch (cause) {
    throw unwritable(cause)
  }
}

function unwritable(cause: unknown): MapsealError {
  return new MapsealError(
    'sentry',
    `The temporary folder cannot be written: ${reason(cause)}. Make room, or name another in TMPDIR.`,
    { cause },
  )
}
