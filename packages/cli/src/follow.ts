import { once } from 'node:events'
import { open, stat } from 'node:fs/promises'
import type { LogReader } from '@mapseal/core/symbolicate'
import type { Io, Output } from './io.ts'

/** In ms. */
const POLL_EVERY = 50
const CHUNK = 1 << 18

/** Passes stdin through a reader of logs, to its end. */
export async function followInput(io: Io, reader: LogReader): Promise<void> {
  for await (const chunk of io.stdin) await write(io.stdout, await reader.read(Buffer.from(chunk)))
  await write(io.stdout, await reader.end())
}

/** The same for a file from its beginning, and what is added to it until the process is stopped. One that is replaced or cut is read anew. */
export async function followFile(path: string, io: Io, reader: LogReader): Promise<void> {
  let isStopped = false
  void io.untilStopped().then(() => {
    isStopped = true
  })
  let file = await open(path)
  let { ino } = await file.stat()
  let position = 0

  async function readOn(): Promise<void> {
    for (;;) {
      // Not again the same one: what is written may still refer to it.
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, position)
      if (bytesRead === 0) return
      position += bytesRead
      await write(io.stdout, await reader.read(buffer.subarray(0, bytesRead)))
    }
  }

  for (;;) {
    await readOn()
    if (isStopped) break
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

/** Waits while the other end is slower, so that a log of any size takes little memory. */
async function write(output: Output, bytes: Uint8Array): Promise<void> {
  if (bytes.length === 0) return
  const isTaken = output.write(bytes)
  if (isTaken === false && output instanceof Object && 'once' in output) {
    await once(output as unknown as NodeJS.EventEmitter, 'drain')
  }
}
