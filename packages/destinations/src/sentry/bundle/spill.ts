import { readSync, writeSync } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bytes } from '@mapseal/core'
import { MapsealError, reason } from '@mapseal/core'

/**
 * Bytes put aside on disk, so that memory holds one artifact at a time. By synchronous calls: each takes microseconds, and
 * many times that by way of the thread pool (measured).
 */
export interface Spill {
  /** @returns the offset of the first byte */
  append(bytes: Bytes): number
  /** Fills `into` with what stands at the offset. */
  read(offset: number, into: Buffer): void
  close(): Promise<void>
}

/**
 * The file has no name as soon as it is open: no other user can read the sources in it, and whatever ends the process, a
 * SIGKILL too, the system takes it back.
 */
export async function openSpill(): Promise<Spill> {
  const { file, remove } = await openNameless()
  let size = 0
  return {
    append(bytes) {
      const offset = size
      size += bytes.length
      try {
        for (let done = 0; done < bytes.length; ) {
          done += writeSync(file.fd, bytes, done, bytes.length - done, offset + done)
        }
      } catch (cause) {
        throw unwritable(cause)
      }
      return offset
    },
    read(offset, into) {
      try {
        for (let done = 0; done < into.length; ) {
          const bytesRead = readSync(file.fd, into, done, into.length - done, offset + done)
          if (bytesRead === 0) throw new Error('it ends early')
          done += bytesRead
        }
      } catch (cause) {
        throw new MapsealError('sentry', `The temporary file cannot be read: ${reason(cause)}. Deliver again.`, {
          cause,
        })
      }
    },
    async close() {
      await file.close()
      await remove()
    },
  }
}

async function openNameless() {
  try {
    const folder = await mkdtemp(join(tmpdir(), 'mapseal-bundle-'))
    // Where the name of an open file cannot be taken, it is when it is closed.
    const remove = (options: { maxRetries?: number } = {}) => rm(folder, { recursive: true, force: true, ...options })
    try {
      const file = await open(join(folder, 'bundle'), 'wx+', 0o600)
      await remove().catch(() => {})
      return { file, remove: () => remove({ maxRetries: 3 }) }
    } catch (cause) {
      await remove()
      throw cause
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
