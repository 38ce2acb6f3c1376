import { once } from 'node:events'
import { write } from 'node:fs'
import { Writable } from 'node:stream'
import { promisify } from 'node:util'
import { openVault, resolveOptions } from '@mapseal/core'

export interface LogStreamOptions {
  /** A folder or `s3://bucket/prefix`. @default `MAPSEAL_VAULT`, else `.mapseal` */
  vault?: string
  /** Looks up file names in the builds of this release alone. @default all builds */
  release?: string
  /** What the log is written to. @default stdout */
  output?: NodeJS.WritableStream
}

/**
 * A stream that takes a log, and writes it with each frame of its stacks in its original place. It is a transport of pino
 * (`transport: { target: 'mapseal/log' }`), and a stream for winston.
 */
async function logStream({ vault, release, output }: LogStreamOptions = {}): Promise<Writable> {
  const { followLog } = await import('@mapseal/core/symbolicate')
  const found = openVault(resolveOptions({ ...(vault && { vault }) }, process.env).vault, process.cwd())
  const reader = await followLog(found, { ...(release && { release }) })
  const put = async (parts: Uint8Array[]) => {
    for (const part of parts) await (output ? writeTo(output, part) : writeToStdout(part))
  }
  return new Writable({
    write(chunk, _, done) {
      reader
        .read(Buffer.from(chunk))
        .then(put)
        .then(() => done(), done)
    },
    final(done) {
      reader
        .end()
        .then(put)
        .then(() => done(), done)
    },
  })
}

async function writeTo(output: NodeJS.WritableStream, bytes: Uint8Array): Promise<void> {
  if (!output.write(bytes)) await once(output, 'drain')
}

const STDOUT = 1
const writeFile = promisify(write)

/** Not by `process.stdout`: in a thread it goes through the main thread, which does not wait for it at its exit. */
async function writeToStdout(bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += (await writeFile(STDOUT, bytes, at)).bytesWritten
    } catch (cause) {
      // The other end of the pipe is slower.
      if ((cause as NodeJS.ErrnoException).code !== 'EAGAIN') throw cause
      await new Promise(done => setTimeout(done, 10))
    }
  }
}

export { logStream as default, logStream as 'module.exports' }
