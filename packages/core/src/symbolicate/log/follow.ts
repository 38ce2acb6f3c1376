import type { Vault } from '../../types.ts'
import { openBuilds } from '../../vault/builds.ts'
import { debugIdFinder, inlineDebugIds } from '../debug-ids.ts'
import { createMapCache } from '../map-reader.ts'
import { originalFrame } from '../names.ts'
import type { Lookup } from '../resolve.ts'
import { resolve } from '../resolve.ts'
import { sourceName } from '../source-name.ts'
import type { SymbolicateOptions } from '../symbolicate.ts'
import type { KnownPieces, LoggedFrame } from './frames.ts'
import { encode, findFrames } from './frames.ts'

export interface FollowOptions extends Pick<SymbolicateOptions, 'release' | 'debugIds' | 'onUnreadable'> {
  /** Called once for each thing that a reader should know. */
  onNote?: (message: string) => void
  /** Names sources as the map does, not by their path in the repository. */
  isRaw?: boolean
}

/** Reads a log while it is written. */
export interface LogReader {
  /** The lines that a chunk completes, with each frame in its original place, and all other bytes as they were. */
  read(chunk: Uint8Array): Promise<Uint8Array>
  /** What is left without a line break. */
  end(): Promise<Uint8Array>
}

/** In ms: builds that came since are looked for this often, where a file is not found. */
const REFRESH_EVERY = 5000
/** Frames whose text is kept. */
const MOST_KNOWN = 20_000
const MOST_URLS = 10_000
/** A longer line is passed on as it is, in parts. */
const LONGEST_LINE = 16 << 20

/** What may be a frame: a place after `at` or `@`. Most lines of a log have none. */
const CANDIDATE = /(?:\bat |@)[^\n]*?(?::\d+:\d|\.[cm]?jsx?:\d)/g
const UUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-/i

export async function followLog(vault: Vault, options: FollowOptions = {}): Promise<LogReader> {
  const notes = new Set<string>()
  const given = debugIdFinder(options.debugIds ?? {})
  const known = new Map<string, string | undefined>()
  const candidate = new RegExp(CANDIDATE)
  const pieces: KnownPieces = new Map()
  let refreshedAt = Date.now()
  const lookup: Lookup = {
    builds: await openBuilds(vault, options.onUnreadable),
    release: options.release,
    debugIdOf: given,
    mapOf: createMapCache(vault),
    contextLines: 0,
    located: new Map(),
    note(message) {
      if (notes.has(message)) return
      notes.add(message)
      options.onNote?.(message)
    },
  }
  /** Bytes as characters, so that those that are not text stay as they are. */
  let rest = ''

  const isStale = () => Date.now() - refreshedAt > REFRESH_EVERY

  async function refresh(): Promise<void> {
    refreshedAt = Date.now()
    lookup.located.clear()
    lookup.builds = await openBuilds(vault, options.onUnreadable)
  }

  async function originalOf(
    frame: LoggedFrame['frame'],
    isV8: boolean,
    debugIdOf: Lookup['debugIdOf'],
  ): Promise<string | undefined> {
    // IDs in a line are those of this line alone.
    const here = debugIdOf === given ? lookup : { ...lookup, debugIdOf, located: new Map() }
    let found = await resolve(frame, here)
    const isUnknown = 'reason' in found && found.reason.startsWith('unknown-')
    if (isUnknown && isStale()) {
      await refresh()
      found = await resolve(frame, { ...lookup, debugIdOf })
    }
    if (lookup.located.size > MOST_URLS) lookup.located.clear()
    if ('reason' in found) return
    const { function: name, source, line, column } = originalFrame(frame.function, found.position, undefined)
    const shown = options.isRaw ? source : sourceName(source, found.located.file.outDir)
    const place = `${shown}:${line}:${column + 1}`
    if (!isV8) return `${name ?? ''}@${place}`
    return `at ${frame.isAsync ? 'async ' : ''}${name ? `${name} (${place})` : place}`
  }

  async function readLine(bytes: string): Promise<string> {
    const line = utf8(bytes)
    const ids = UUID.test(line) ? inlineDebugIds([{ kind: 'text', raw: line.replaceAll('\\', '') }]) : {}
    const hasIds = Object.keys(ids).length > 0
    const debugIdOf = hasIds ? debugIdFinder({ ...ids, ...options.debugIds }) : given
    let out = ''
    let at = 0
    for (const frame of findFrames(line, pieces)) {
      const text = line.slice(frame.start, frame.end)
      const key = hasIds ? `${debugIdOf(frame.frame.url)} ${text}` : text
      let original = known.get(key)
      // What was not found may have come with a later build.
      if (original === undefined && (!known.has(key) || isStale())) {
        original = await originalOf(frame.frame, text.startsWith('at '), debugIdOf)
        if (known.size >= MOST_KNOWN) known.clear()
        known.set(key, original)
      }
      if (original === undefined) continue
      out += line.slice(at, frame.start) + encode(original, frame.depth)
      at = frame.end
    }
    // Lines that are not valid UTF-8 come out as they came in, where they hold no frame.
    return at === 0 ? bytes : latin1(out + line.slice(at))
  }

  async function readLines(block: string): Promise<string> {
    const parts: string[] = []
    let copied = 0
    candidate.lastIndex = 0
    for (let match = candidate.exec(block); match; match = candidate.exec(block)) {
      const start = block.lastIndexOf('\n', match.index) + 1
      const next = block.indexOf('\n', match.index)
      const end = next < 0 ? block.length : next
      parts.push(block.slice(copied, start), await readLine(block.slice(start, end)))
      copied = end
      candidate.lastIndex = end
    }
    if (copied === 0) return block
    parts.push(block.slice(copied))
    return parts.join('')
  }

  return {
    async read(chunk) {
      const text = rest + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1')
      const end = text.length - rest.length > 0 ? text.lastIndexOf('\n') + 1 : 0
      if (end === 0 && text.length > LONGEST_LINE) {
        rest = ''
        return Buffer.from(text, 'latin1')
      }
      rest = text.slice(end)
      return Buffer.from(await readLines(text.slice(0, end)), 'latin1')
    },
    async end() {
      const last = rest
      rest = ''
      return Buffer.from(await readLines(last), 'latin1')
    },
  }
}

function utf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

function latin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}
