import { promisify } from 'node:util'
import { constants, createDeflateRaw, deflateRaw, deflateRawSync } from 'node:zlib'
import { mapLimit } from '../concurrency.ts'
import type { Bytes } from '../types.ts'

/**
 * Deflates pieces, each of which begins afresh and ends with a flush.
 *
 * @param use makes the result of them. They are in memory that is used again, so it must copy what it keeps
 */
export type Deflate = <Result>(pieces: Bytes[], use: (deflated: Bytes[]) => Result) => Result | Promise<Result>

/** What other levels cost is more than they save, in the vault and on the way to a server. */
const settings = { level: 1, finishFlush: constants.Z_FULL_FLUSH }

/** What text shrinks to, so that the result is one buffer and need not be joined. */
const optionsFor = ({ length }: Bytes) => ({ ...settings, chunkSize: Math.max(1024, length >> 1) })

/** Each with a state of zlib of its own. */
export const deflateAnew: Deflate = (pieces, use) => use(pieces.map(piece => deflateRawSync(piece, optionsFor(piece))))

const apart = promisify(deflateRaw)

/** Beside the event loop. By threads, a third of the CPU time goes into handing work over (measured). */
export const deflateApart: Deflate = async (pieces, use) =>
  use(await mapLimit(pieces, 4, piece => apart(piece, optionsFor(piece))))

/** What zlib's streams have inside, in all versions of Node and in Bun; npm packs and unpacks archives by the same means. */
interface Engine {
  _handle: {
    reset(): void
    writeSync(
      flush: number,
      input: Uint8Array,
      inputStart: number,
      inputLength: number,
      output: Uint8Array,
      outputStart: number,
      outputLength: number,
    ): void
  }
  /** After a write: bytes of the output that are free, and bytes of the input that are left. */
  _writeState: Uint32Array
}

/**
 * Deflates everything with one state of zlib: a state and a stream for each piece is an eighth of the time to compress a build
 * (measured). No public function of Node does that, so it is tried out first; where it fails, each piece is deflated anew.
 */
export function createDeflate(): Deflate {
  const sample = ['"mappings":"AAAA,SAASA', ''].map(text => Buffer.from(text.repeat(9)))
  const joined = (deflate: Deflate) => deflate(sample, parts => Buffer.concat(parts).toString('latin1'))
  try {
    const deflate = withOneState(createDeflateRaw(settings) as unknown as Engine)
    return [1, 2].every(() => joined(deflate) === joined(deflateAnew)) ? deflate : deflateAnew
  } catch {
    return deflateAnew
  }
}

function withOneState({ _handle: zlib, _writeState: state }: Engine): Deflate {
  let room = Buffer.alloc(0)
  return (pieces, use) => {
    const most = pieces.reduce((sum, { length }) => sum + mostOf(length), 0)
    if (room.length < most) room = Buffer.allocUnsafeSlow(Math.ceil(most * 1.25))
    let end = 0
    for (const piece of pieces) {
      zlib.reset()
      zlib.writeSync(constants.Z_FULL_FLUSH, piece, 0, piece.length, room, end, room.length - end)
      const [free = 0, left] = state
      if (left !== 0) throw new Error('zlib did not take all of its input.')
      end = room.length - free
    }
    return use([room.subarray(0, end)])
  }
}

/** What deflating adds at most where nothing shrinks: five bytes for each block, which hold 16 KB, and for the flush. */
function mostOf(size: number): number {
  return size + (size >> 10) + 64
}
