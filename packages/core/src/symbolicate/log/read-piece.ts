import type { Vault } from '../../types.ts'
import { openBuilds } from '../../vault/builds.ts'
import { type DebugIds, debugIdFinder } from '../debug-ids.ts'
import { createMapCache } from '../map-reader.ts'
import { originalName } from '../names.ts'
import type { Lookup } from '../resolve.ts'
import { resolve } from '../resolve.ts'
import { sourceName } from '../source-name.ts'
import type { StackFrame } from '../stack-frame.ts'
import type { SymbolicateOptions } from '../symbolicate.ts'
import { encode, framesIn } from './frames.ts'
import type { Piece } from './pieces.ts'

export interface FollowOptions extends Pick<SymbolicateOptions, 'release' | 'debugIds' | 'onUnreadable'> {
  /** Called once for each thing that a reader should know. */
  onNote?: (message: string) => void
  /** Names sources as the map does, not by their path in the repository. */
  isRaw?: boolean
}

/** In ms: builds that came since are looked for this often, where a file is not found. */
const REFRESH_EVERY = 5000
/** How much longer than a look it waits for the next one: a vault may be large, or far away. */
const REST = 20
/** Pieces that are kept with what they read as: a log has the same ones again and again. */
const MOST_KNOWN = 20_000
const LONGEST_KNOWN = 4096
const MOST_URLS = 10_000

/** Parts of a string keep the whole of it in memory: here a line of up to megabytes. */
function copyOf(text: string): string {
  return Buffer.from(text).toString()
}

function keep(kept: Map<string, string>, key: string, text: string): void {
  if (key.length > LONGEST_KNOWN) return
  if (kept.size >= MOST_KNOWN) kept.clear()
  kept.set(copyOf(key), copyOf(text))
}

/** Reads pieces of lines: the text of each with its frames in their original places, at once where it is known. @param ids those in the line */
export type ReadPiece = (text: string, depth: Piece['depth'], ids: DebugIds) => string | Promise<string>

export async function createPieceReader(vault: Vault, options: FollowOptions): Promise<ReadPiece> {
  const notes = new Set<string>()
  const known = new Map<string, string>()
  /** Frames as they are shown, by what the engine printed. */
  const originals = new Map<string, string>()
  let refreshAt = Date.now() + REFRESH_EVERY
  /** Whether a file was not found, which may have come with a later build. */
  let isMissing = false
  const lookup: Lookup = {
    builds: await openBuilds(vault, options.onUnreadable),
    release: options.release,
    debugIdOf: debugIdFinder(options.debugIds ?? {}),
    mapOf: createMapCache(vault),
    contextLines: 0,
    located: new Map(),
    note(message) {
      if (notes.has(message)) return
      notes.add(message)
      options.onNote?.(message)
    },
  }

  async function refresh(): Promise<void> {
    const startedAt = Date.now()
    lookup.builds = await openBuilds(vault, options.onUnreadable)
    lookup.located.clear()
    known.clear()
    originals.clear()
    isMissing = false
    refreshAt = Date.now() + Math.max(REFRESH_EVERY, REST * (Date.now() - startedAt))
  }

  async function originalOf(frame: StackFrame, isV8: boolean, here: Lookup): Promise<string | undefined> {
    const { url, line, column, isAsync } = frame
    // Most logs put a time before each line, so the same frame comes in pieces that are never the same.
    const key = `${isV8} ${isAsync} ${frame.function ?? ''} ${url}:${line}:${column}`
    const kept = here === lookup ? originals.get(key) : undefined
    if (kept !== undefined) return kept
    const original = await lookUp(frame, isV8, here)
    if (original !== undefined && here === lookup) keep(originals, key, original)
    return original
  }

  async function lookUp(frame: StackFrame, isV8: boolean, here: Lookup): Promise<string | undefined> {
    const found = await resolve(frame, here)
    if (here.located.size > MOST_URLS) here.located.clear()
    if ('reason' in found) {
      isMissing ||= found.reason.startsWith('unknown-')
      return
    }
    const { enclosing, context, source, line, column } = found.position
    const name = originalName(frame.function, undefined, enclosing, context?.lines)?.name
    const shown = options.isRaw ? source : sourceName(source, found.located.file.outDir)
    const place = `${shown}:${line}:${column + 1}`
    if (!isV8) return `${name ?? ''}@${place}`
    return `at ${frame.isAsync ? 'async ' : ''}${name ? `${name} (${place})` : place}`
  }

  async function read(text: string, depth: number, here: Lookup): Promise<string> {
    let out = ''
    let at = 0
    for (const { start, end, frame } of framesIn(text, depth)) {
      const original = await originalOf(frame, text.startsWith('at ', start), here)
      if (original === undefined) continue
      out += text.slice(at, start) + encode(original, depth)
      at = end
    }
    return at === 0 ? text : out + text.slice(at)
  }

  async function readNew(text: string, depth: number, ids: DebugIds | undefined, key: string): Promise<string> {
    if (isMissing && Date.now() > refreshAt) await refresh()
    // IDs in a line are those of this line alone.
    const here = ids && { ...lookup, debugIdOf: debugIdFinder({ ...ids, ...options.debugIds }), located: new Map() }
    const after = await read(text, depth, here ?? lookup)
    keep(known, key, after)
    return after
  }

  return (text, depth, ids) => {
    const hasIds = Object.keys(ids).length > 0
    const key = `${hasIds ? JSON.stringify(ids) : ''}${depth}${text}`
    const before = isMissing && Date.now() > refreshAt ? undefined : known.get(key)
    return before ?? readNew(text, depth, hasIds ? ids : undefined, key)
  }
}
