import { fstatSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Io } from './io.ts'

const CHUNK = 1 << 16

/**
 * What comes through a pipe, in one buffer that is used again: new ones would wait for the garbage collector by the hundred
 * megabytes. The reader is done with a chunk before it asks for the next.
 */
export async function* chunksOf(stdin: Io['stdin']): AsyncGenerator<Uint8Array | string> {
  if (stdin !== (process.stdin as unknown) || !isPipe()) return yield* stdin
  const buffer = Buffer.allocUnsafe(CHUNK)
  let give: (length: number) => void = () => {}
  let fail: (cause: Error) => void = () => {}
  // Paused by `false`, until the next one is asked for.
  const callback = (length: number) => {
    give(length)
    return false
  }
  const options = { fd: 0, readable: true, writable: false, onread: { buffer, callback } }
  const pipe = new Socket(options)
  pipe.on('end', () => give(0)).on('error', cause => fail(cause))
  for (;;) {
    const length = await new Promise<number>((resolve, reject) => {
      give = resolve
      fail = reject
      pipe.resume()
    })
    if (length === 0) return
    yield buffer.subarray(0, length)
  }
}

function isPipe(): boolean {
  const stats = fstatSync(0)
  return stats.isFIFO() || stats.isSocket()
}
