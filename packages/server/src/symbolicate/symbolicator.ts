import type { FileRecord, Vault } from '@mapseal/core'
import { normalizeDebugId } from '@mapseal/core'
import type { OriginalPosition, StackFrame } from '@mapseal/core/symbolicate'
import { calledName, debugIdFinder, inlineDebugIds, originalFrame, parseStack } from '@mapseal/core/symbolicate'
import { createBudget } from '../budget.ts'
import type { BuildIndex } from '../builds/index.ts'
import { createMaps, type Failure, failure, unreadable } from './maps.ts'
import { createPool } from './pool.ts'
import type { FrameQuery, ReleaseQuery, ResolvedFrame, Symbolicator } from './types.ts'

export interface SymbolicatorOptions {
  /** Threads that read maps. @default 2 */
  threads?: number
  /** Bytes of maps that all threads together keep at hand. @default 512 MB */
  hotBytes?: number
  /** Bytes of the largest map that is read. @default 256 MB */
  mapBytes?: number
  /** Bytes of maps on their way to the threads; others wait. @default 256 MB */
  arrivingBytes?: number
  /** In ms, for the frames of a request that are in one map. @default 5000 */
  timeLimit?: number
  /** Requests that may wait for one thread. @default 1000 */
  queue?: number
  /** Source lines before and after each position. @default 5 */
  contextLines?: number
}

type Found = { file: FileRecord; position: OriginalPosition }

/** Turns generated positions into original ones, with the maps of a vault. Close it to end its threads. */
export function createSymbolicator(
  builds: Pick<BuildIndex, 'byDebugId' | 'byFile' | 'byUrl'>,
  vault: Vault,
  options: SymbolicatorOptions = {},
): Symbolicator {
  const { threads = 2, hotBytes = 512e6, mapBytes = 256e6, arrivingBytes = 256e6 } = options
  const { timeLimit = 5000, queue = 1000, contextLines = 5 } = options
  const pool = createPool({ threads, hotBytes, timeLimit, queue })
  const maps = createMaps(pool, vault, { around: contextLines, mapBytes, budget: createBudget(arrivingBytes) })

  async function locate(query: FrameQuery, release: ReleaseQuery | undefined): Promise<FileRecord | Failure> {
    if (query.debugId !== undefined) {
      const id = normalizeDebugId(query.debugId) ?? query.debugId
      const files = await builds.byDebugId(id, release?.name, query.file)
      return (
        files.find(file => file.map) ??
        files[0] ??
        failure('unknown-debug-id', `the vault has no file with debug ID ${id}`)
      )
    }
    if (!query.file) return failure('unknown-file', 'the frame names no file')
    const file = release
      ? (await builds.byFile(release.name, query.file, release.dist))[0]
      : await builds.byUrl(query.file)
    if (!file) {
      return failure(
        'unknown-file',
        `the vault has no file of this name${release ? ` in release ${release.name}` : ''}`,
      )
    }
    // A build may have made no maps of scripts that are in others with theirs.
    const isSame = (other: FileRecord) => other.map && other.code.sha256 === file.code.sha256
    return file.map ? file : ((await builds.byDebugId(file.debugId)).find(isSame) ?? file)
  }

  /** Reads all positions in a file at once, whatever the order of the frames. */
  async function find(
    frames: FrameQuery[],
    release: ReleaseQuery | undefined,
  ): Promise<(Found | Failure | { kind: 'native' })[]> {
    const found: (Found | Failure | { kind: 'native' })[] = []
    const located = new Map<string, Promise<FileRecord | Failure>>()
    const byFile = new Map<FileRecord, number[]>()
    const indicesOf = (file: FileRecord): number[] => {
      const indices = byFile.get(file) ?? []
      byFile.set(file, indices)
      return indices
    }
    for (const [index, frame] of frames.entries()) {
      if (isNative(frame)) {
        found[index] = { kind: 'native' }
        continue
      }
      const key = frame.debugId === undefined ? `file ${frame.file}` : `ID ${frame.debugId} ${frame.file}`
      const place = located.get(key) ?? (located.size < MOST_SCRIPTS ? locate(frame, release) : TOO_MANY)
      located.set(key, place)
      const file = await place
      if ('kind' in file) found[index] = file
      else if (frame.column === undefined) found[index] = failure('no-column', 'the stack gives no column')
      else indicesOf(file).push(index)
    }
    await Promise.all(
      [...byFile].map(async ([file, indices]) => {
        const positions = indices.map(index => {
          const { line, column = 0 } = frames[index] as FrameQuery
          return { line, column }
        })
        const replies = await maps.read(file, positions)
        for (const [at, index] of indices.entries()) {
          const reply = Array.isArray(replies) ? replies[at] : replies
          if (!reply) found[index] = failure('no-mapping', 'its map has nothing at this position')
          else if ('kind' in reply) found[index] = reply
          else if (!('isMapped' in reply)) found[index] = { file, position: reply }
          else if (reply.message) found[index] = unreadable(reply.message)
          else found[index] = failure('no-mapping', 'its map has nothing at this position')
        }
      }),
    )
    return found
  }

  async function resolve(frames: FrameQuery[], release?: ReleaseQuery): Promise<ResolvedFrame[]> {
    const found = await find(frames, release)
    return found.map((result, index) => {
      if ('kind' in result) return result
      const { file, position } = result
      const caller = found[index + 1]
      const called =
        caller && 'position' in caller ? calledName(frames[index + 1] as FrameQuery, caller.position) : undefined
      const original = originalFrame(frames[index]?.function, position, called)
      return { kind: 'original', original, path: file.path, debugId: file.debugId }
    })
  }

  return {
    frames: resolve,

    async stack(text, { release, debugIds } = {}) {
      const lines = parseStack(text)
      const debugIdOf = debugIdFinder({ ...inlineDebugIds(lines), ...debugIds })
      const resolved = await resolve(
        lines.map(line => (line.kind === 'frame' ? queryOf(line.frame, debugIdOf(line.frame.url)) : NATIVE)),
        release,
      )
      return {
        lines: lines.map((line, index) => {
          const result = resolved[index]
          if (line.kind !== 'frame' || !result || result.kind === 'native') {
            return line.kind === 'frame' ? { kind: 'native', raw: line.raw } : line
          }
          return { ...result, raw: line.raw, frame: line.frame }
        }),
        notes: [],
      }
    },

    warm: pool.warm,
    close: pool.close,
  }
}

/** Maximum scripts in a request. No page has as many, and each takes a search. */
const MOST_SCRIPTS = 1000
const TOO_MANY = Promise.resolve(failure('busy', `a stack may name at most ${MOST_SCRIPTS} scripts`))

/** Separates a frame from its caller, as text and the engine's own frames do. */
const NATIVE: FrameQuery = { file: 'native', line: 0 }

function queryOf({ url, line, column, function: name, isAsync }: StackFrame, debugId: string | undefined): FrameQuery {
  return {
    file: url,
    line,
    isAsync,
    ...(column !== undefined && { column }),
    ...(name && { function: name }),
    ...(debugId && { debugId }),
  }
}

const WITHOUT_CODE =
  /^(?:native|\[native code\]|\[wasm code\]|<anonymous>|(?:node|wasm|internal|ext):.*|.*:wasm-function\[.*)$/s

function isNative({ debugId, file }: FrameQuery): boolean {
  return debugId === undefined && file !== undefined && file.length < 4096 && WITHOUT_CODE.test(file)
}
