import { open, stat } from 'node:fs/promises'
import { Writable } from 'node:stream'
import type { LogReader } from '@mapseal/core/symbolicate'
import type { Io, Output } from './io.ts'

/** In ms. */
const POLL_EVERY = 50
const CHUNK = 1 << 18

/** Passes stdin through a reader of logs, to its end. A chunk is read while the one before it is written. */
export async function followInput(io: Io, reader: LogReader): Promise<void> {
  let written = Promise.resolve()
  const isRead = readerOf(io.stdout)
  for await (const chunk of io.stdin) {
    const parts = await reader.read(bytesOf(chunk))
    await written
    if (!isRead()) return
    written = write(io.stdout, parts)
  }
  await written
  await write(io.stdout, await reader.end())
}

const bytesOf = (chunk: Uint8Array | string) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk)

/** The same for a file from its beginning, and what is added to it until the process is stopped. One that is replaced or cut is read anew. */
export async function followFile(path: string, io: Io, reader: LogReader): Promise<void> {
  let isStopped = false
  const isRead = readerOf(io.stdout)
  void io.untilStopped().then(() => {
    isStopped = true
  })
  let file = await open(path)
  let { ino } = await file.stat()
  let position = 0
  const buffer = Buffer.allocUnsafe(CHUNK)

  async function readOn(): Promise<void> {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK, position)
      if (bytesRead === 0 || !isRead()) return
      position += bytesRead
      await write(io.stdout, await reader.read(buffer.subarray(0, bytesRead)))
    }
  }

  for (;;) {
    await readOn()
    if (isStopped || !isRead()) break
    await new Promise(done => setTimeout(done, POLL_EVERY))
    const now = await stat(path).catch(() => undefined)
    if (!now) continue
    if (now.ino !== ino) {
      await readOn()
      await file.close()
      file = await open(path)
      ino = now.ino
      position = 0
    } else if (now.size < position) position = 0
  }
  await write(io.stdout, await reader.end())
  await file.close()
}

/** Whether an output still has a reader: `head` closes it early. */
function readerOf(output: Output): () => boolean {
  let isRead = true
  if (output instanceof Writable)
    output.once('error', () => {
      isRead = false
    })
  return () => isRead
}

/** Waits until the other end has them, so that a log of any size takes little memory, and that of a chunk can be used again. */
async function write(output: Output, parts: Uint8Array[]): Promise<void> {
  const stream = output instanceof Writable ? output : undefined
  // All parts in one system call.
  stream?.cork()
  for (const part of parts) output.write(part)
  stream?.uncork()
  if (stream && stream.writableLength > 0) await new Promise<void>(done => stream.write('', () => done()))
}
