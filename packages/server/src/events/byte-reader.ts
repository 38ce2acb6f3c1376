import { createBlock } from '../http/block.ts'
import type { Hold } from '../http/body-memory.ts'

/** Bytes of a stream as a grammar wants them: lines and runs of a known length, never more of it in memory than asked for. */
export interface ByteReader {
  /** Up to the next newline, which is taken and left out, or the end; undefined where nothing is left. @throws TooLong */
  line(longest: number): Promise<Buffer | undefined>
  /** @throws EndedEarly */
  bytes(length: number): Promise<Buffer>
  /** @throws EndedEarly */
  skip(length: number): Promise<void>
  skipLine(): Promise<void>
}

/** A line is longer than the caller takes. */
export class TooLong extends Error {
  override name = 'TooLong'
}

export class EndedEarly extends Error {
  override name = 'EndedEarly'
}

const NEWLINE = 10

/** @param hold of what is handed over */
export function createByteReader(stream: AsyncIterable<Uint8Array>, hold: Hold): ByteReader {
  const chunks = stream[Symbol.asyncIterator]()
  let rest: Buffer = Buffer.alloc(0)

  /** Makes `rest` hold something; false at the end. */
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

  /** Hands on what comes before the next newline, in pieces, and takes the newline; false where nothing was left. */
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
