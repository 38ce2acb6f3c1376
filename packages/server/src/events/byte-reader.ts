import { createBlock } from '../http/block.ts'
import type { Hold } from '../http/body-memory.ts'

/** Reads a stream by lines and by runs of a known length, and never holds more of it than was requested. */
export interface ByteReader {
  /** The text up to the next newline, which is consumed, or to the end; undefined if nothing is left. @throws TooLong */
  line(longest: number): Promise<Buffer | undefined>
  /** @throws EndedEarly */
  bytes(length: number): Promise<Buffer>
  /** @throws EndedEarly */
  skip(length: number): Promise<void>
  skipLine(): Promise<void>
}

/** A line is longer than the caller allows. */
export class TooLong extends Error {
  override name = 'TooLong'
}

export class EndedEarly extends Error {
  override name = 'EndedEarly'
}

const NEWLINE = 10

/** @param hold counts the bytes that are returned */
export function createByteReader(stream: AsyncIterable<Uint8Array>, hold: Hold): ByteReader {
  const chunks = stream[Symbol.asyncIterator]()
  let rest: Buffer = Buffer.alloc(0)

  /** Fills `rest`; false at the end of the stream. */
  async function fill(): Promise<boolean> {
    while (rest.length === 0) {
      const { done, value } = await chunks.next()
      if (done) return false
      rest = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    }
    return true
  }

  function take(length: number): Buffer {
    const taken = rest.subarray(0, length)
    rest = rest.subarray(length)
    return taken
  }

  /** Passes on what precedes the next newline, in pieces, and consumes the newline; false if nothing was left. */
  async function toNewline(onPiece: (piece: Buffer) => void): Promise<boolean> {
    let isAny = false
    while (await fill()) {
      isAny = true
      const end = rest.indexOf(NEWLINE)
      onPiece(take(end < 0 ? rest.length : end))
      if (end < 0) continue
      take(1)
      break
    }
    return isAny
  }

  async function counted(length: number, onPiece: (piece: Buffer) => void): Promise<void> {
    for (let missing = length; missing > 0; ) {
      if (!(await fill())) throw new EndedEarly(`${missing} bytes are missing`)
      const piece = take(missing)
      missing -= piece.length
      onPiece(piece)
    }
  }

  return {
    async line(longest) {
      const block = createBlock(hold)
      const isAny = await toNewline(piece => {
        if (block.size() + piece.length > longest) throw new TooLong(`a line is longer than ${longest} bytes`)
        block.append(piece)
      })
      return isAny ? block.bytes() : undefined
    },

    async bytes(length) {
      const block = createBlock(hold)
      await counted(length, block.append)
      return block.bytes()
    },

    skip: length => counted(length, () => {}),

    async skipLine() {
      await toNewline(() => {})
    },
  }
}
