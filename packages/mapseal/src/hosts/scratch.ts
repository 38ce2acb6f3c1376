import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'

export interface Scratch {
  /** The bytes, and the buffer at whose start they lie, in which they can grow. */
  hold(source: string | Uint8Array): { bytes: Buffer; room: Buffer }
  holdFile(path: string): { bytes: Buffer; room: Buffer }
  /** Replaces a file's bytes by what `edit` makes of them. */
  rewrite(path: string, edit: (bytes: Buffer, room: Buffer) => Buffer): void
}

/** For what an edit adds. */
const slack = 4096

/**
 * Memory that takes one file after the other: fresh memory for each would cost more than the work on it (measured), and
 * count towards the peak until it is collected. What is held is valid until the next call.
 */
function createScratch(): Scratch {
  let room = Buffer.alloc(0)

  function reserve(size: number): void {
    if (room.length < size + slack) room = Buffer.allocUnsafeSlow(Math.ceil(size * 1.25) + slack)
  }

  /** Reads until there is nothing more: to ask for the size first takes longer, and most files fit. */
  function readInto(file: number): number {
    let done = 0
    for (let read = -1; read !== 0; done += read) {
      if (done > room.length - slack) {
        reserve(fstatSync(file).size)
        done = 0
      }
      read = readSync(file, room, done, room.length - done, done)
    }
    return done
  }

  return {
    hold(source) {
      if (typeof source !== 'string') {
        reserve(source.length)
        room.set(source)
        return { bytes: room.subarray(0, source.length), room }
      }
      // Room for the worst: memory that is not touched costs nothing, and counting the bytes first does.
      reserve(source.length * 3)
      return { bytes: room.subarray(0, room.write(source)), room }
    },

    holdFile(path) {
      const file = openSync(path, 'r')
      try {
        const size = readInto(file)
        return { bytes: room.subarray(0, size), room }
      } finally {
        closeSync(file)
      }
    },

    rewrite(path, edit) {
      const file = openSync(path, 'r+')
      try {
        const size = readInto(file)
        const edited = edit(room.subarray(0, size), room)
        for (let done = 0; done < edited.length; ) done += writeSync(file, edited, done, edited.length - done, done)
        if (edited.length < size) ftruncateSync(file, edited.length)
      } finally {
        closeSync(file)
      }
    },
  }
}

/** For a script and its map. */
export interface Scratches {
  code: Scratch
  map: Scratch
}

/** Works on one item after the other: what the work does, it does on this thread. */
export async function withScratches<Item>(
  items: Item[],
  work: (item: Item, scratches: Scratches) => Promise<void>,
): Promise<void> {
  const scratches = { code: createScratch(), map: createScratch() }
  for (const item of items) await work(item, scratches)
}
