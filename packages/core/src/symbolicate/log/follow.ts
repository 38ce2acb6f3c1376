import { isUtf8 } from 'node:buffer'
import type { Vault } from '../../types.ts'
import { inlineDebugIds } from '../debug-ids.ts'
import { nextCandidate } from './candidates.ts'
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
const UUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-/i

export async function followLog(vault: Vault, options: FollowOptions = {}): Promise<LogReader> {
  const readPiece = await createPieceReader(vault, options)
  /** The beginning of a line. */
  let rest: Buffer[] = []
  let restLength = 0

  /** Undefined for a line that stays as it is. */
  async function readLine(bytes: Buffer): Promise<Buffer | undefined> {
    // A character for each byte: breaks and IDs are ASCII.
    const line = bytes.toString('latin1')
    const ids = UUID.test(line) ? inlineDebugIds([{ kind: 'text', raw: line }]) : {}
    const parts: Buffer[] = []
    let copied = 0
    for (const { start, end, depth } of pieces(line)) {
      const piece = bytes.subarray(start, end)
      if (!isUtf8(piece)) continue
      const text = piece.toString()
      const read = await readPiece(text, depth, ids)
      if (read === text) continue
      parts.push(bytes.subarray(copied, start), Buffer.from(read))
      copied = end
    }
    return copied === 0 ? undefined : Buffer.concat([...parts, bytes.subarray(copied)])
  }

  async function readLines(block: Buffer): Promise<Buffer[]> {
    const parts: Buffer[] = []
    let copied = 0
    for (let line = nextCandidate(block, 0); line; line = nextCandidate(block, line.end)) {
      const read = await readLine(block.subarray(line.start, line.end))
      if (!read) continue
      parts.push(block.subarray(copied, line.start), read)
      copied = line.end
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
