import { isUtf8 } from 'node:buffer'
import type { Vault } from '../../types.ts'
import { type DebugIds, inlineDebugIds } from '../debug-ids.ts'
import { candidates } from './candidates.ts'
import { pieces } from './pieces.ts'
import { createPieceReader, type FollowOptions } from './read-piece.ts'

/** Reads a log while it is written. */
export interface LogReader {
  /**
   * The lines that a chunk completes, in parts, with each frame in its original place and all other bytes as they were. Most are
   * parts of the chunk itself.
   */
  read(chunk: Uint8Array): Promise<Uint8Array[]>
  /** What is left without a line break. */
  end(): Promise<Uint8Array[]>
}

/** A longer line is passed on as it is, in parts. */
const LONGEST_LINE = 16 << 20
const NEWLINE = 0x0a
const NOTHING = Buffer.alloc(0)
/** The middle of a UUID, which begins with what most lines lack. */
const UUID = /-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-/i
const NO_IDS = {}

export async function followLog(vault: Vault, options: FollowOptions = {}): Promise<LogReader> {
  const readPiece = await createPieceReader(vault, options)
  /** The beginning of a line. */
  let rest: Buffer[] = []
  let restLength = 0

  /** Undefined for a line that stays as it is. */
  async function readLine(bytes: Buffer): Promise<Buffer | undefined> {
    // Else a character for each byte: of such a line only the pieces that are UTF-8 are read.
    const encoding = isUtf8(bytes) ? 'utf8' : 'latin1'
    const line = bytes.toString(encoding)
    const ids = UUID.test(line) ? inlineDebugIds([{ kind: 'text', raw: line }]) : NO_IDS
    let out = ''
    let copied = 0
    for (const { start, end, depth } of pieces(line)) {
      const piece = line.slice(start, end)
      const found = encoding === 'utf8' ? readPiece(piece, depth, ids) : readBytes(piece, depth, ids)
      const read = typeof found === 'string' ? found : await found
      if (read === piece) continue
      out += line.slice(copied, start) + read
      copied = end
    }
    return copied === 0 ? undefined : Buffer.from(out + line.slice(copied), encoding)
  }

  async function readBytes(piece: string, depth: number, ids: DebugIds): Promise<string> {
    const bytes = Buffer.from(piece, 'latin1')
    return isUtf8(bytes) ? Buffer.from(await readPiece(bytes.toString(), depth, ids)).toString('latin1') : piece
  }

  async function readLines(block: Buffer): Promise<Buffer[]> {
    const parts: Buffer[] = []
    let copied = 0
    const text = block.toString('latin1')
    for (const { start, end } of candidates(text)) {
      const read = await readLine(block.subarray(start, end))
      if (!read) continue
      parts.push(block.subarray(copied, start), read)
      copied = end
    }
    if (copied < block.length) parts.push(block.subarray(copied))
    return parts
  }

  function takeRest(last: Buffer): Buffer {
    const block = rest.length === 0 ? last : Buffer.concat([...rest, last])
    rest = []
    restLength = 0
    return block
  }

  function keepRest(bytes: Buffer): void {
    // A copy, since the caller may use the memory again.
    if (bytes.length > 0) rest.push(Buffer.from(bytes))
    restLength += bytes.length
  }

  return {
    async read(chunk) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      const end = bytes.lastIndexOf(NEWLINE) + 1
      if (end === 0 && restLength + bytes.length > LONGEST_LINE) return [takeRest(bytes)]
      if (end === 0) {
        keepRest(bytes)
        return []
      }
      // The line that began before is read alone, so that no other is copied.
      const first = restLength === 0 ? 0 : bytes.indexOf(NEWLINE) + 1
      const head = await readLines(takeRest(bytes.subarray(0, first)))
      const body = await readLines(bytes.subarray(first, end))
      keepRest(bytes.subarray(end))
      return [...head, ...body]
    },
    end: () => readLines(takeRest(NOTHING)),
  }
}
