import { isUtf8 } from 'node:buffer'
import type { Vault } from '../../types.ts'
import { inlineDebugIds } from '../debug-ids.ts'
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

  /** Undefined for a line that stays as it is. @param line a character for each byte, since breaks and IDs are ASCII */
  async function readLine(bytes: Buffer, line: string): Promise<Buffer | undefined> {
    const ids = UUID.test(line) ? inlineDebugIds([{ kind: 'text', raw: line }]) : NO_IDS
    const parts: Buffer[] = []
    let copied = 0
    for (const { start, end, depth } of pieces(line)) {
      const piece = bytes.subarray(start, end)
      if (!isUtf8(piece)) continue
      const text = piece.toString()
      const found = readPiece(text, depth, ids)
      const read = typeof found === 'string' ? found : await found
      if (read === text) continue
      parts.push(bytes.subarray(copied, start), Buffer.from(read))
      copied = end
    }
    return copied === 0 ? undefined : Buffer.concat([...parts, bytes.subarray(copied)])
  }

  async function readLines(block: Buffer): Promise<Buffer[]> {
    const parts: Buffer[] = []
    let copied = 0
    const text = block.toString('latin1')
    for (const { start, end } of candidates(text)) {
      const read = await readLine(block.subarray(start, end), text.slice(start, end))
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
