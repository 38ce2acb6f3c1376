import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { mapLimit } from '@mapseal/core'

/** Bytes in a scratch, and the whole scratch, in which they can grow. */
export interface Held {
  bytes: Buffer
  room: Buffer
}

export interface Scratch {
  hold(source: string | Uint8Array): Held
  holdFile(path: string): Held
}

/** For what an edit adds. */
const slack = 4096

/**
 * Memory that takes one source map after the other: fresh memory for each would cost more than the work on it (measured),
 * and count towards the peak until it is collected. What is held is valid until the next call.
 */
function createScratch(): Scratch {
  let room = Buffer.alloc(0)

  function reserve(size: number): void {
    if (room.length < size + slack) room = Buffer.allocUnsafeSlow(Math.ceil(size * 1.25) + slack)
  }

  return {
    hold(source) {
      if (typeof source !== 'string') {
        reserve(source.length)
        room.set(source)
        return { bytes: room.subarray(0, source.length), room }
      }
      reserve(Buffer.byteLength(source))
      return { bytes: room.subarray(0, room.write(source)), room }
    },

    holdFile(path) {
      const file = openSync(path, 'r')
      try {
        reserve(fstatSync(file).size)
        let size = 0
        for (let read = -1; read !== 0; size += read) read = readSync(file, room, size, room.length - size, size)
        return { bytes: room.subarray(0, size), room }
      } finally {
        closeSync(file)
      }
    },
  }
}

/** Works on all items, at most `limit` at a time, each with a scratch of its own. */
export async function withScratches<Item>(
  limit: number,
  items: Item[],
  work: (item: Item, scratch: Scratch) => Promise<void>,
): Promise<void> {
  const free = Array.from({ length: limit }, createScratch)
  await mapLimit(items, limit, async item => {
    const scratch = free.pop() as Scratch
    await work(item, scratch)
    free.push(scratch)
  })
}
