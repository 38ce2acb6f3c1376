import { computeDebugId, normalizeDebugId, placeholderId } from './debug-id.ts'
import { prologueEnd } from './prologue.ts'
import { registeredId, registrationReach, snippetStart } from './snippet.ts'
import { readTrailingComments, writeTrailingComments } from './trailing-comments.ts'

/** Text put into one line of generated code. */
export interface Insertion {
  /** From 1. */
  line: number
  /** From 0, in UTF-16 units, of the place in the code before the insertion. */
  column: number
  /** In UTF-16 units. */
  length: number
}

export interface InjectOptions {
  /** Below the output folder, with forward slashes. */
  path: string
  /** From `createSnippet`. */
  snippet: string
  /** For a file that another tool registers already: what that leaves out, such as the release. */
  supplement?: string | undefined
  /** The ID in the file's map, if a tool wrote one there. */
  mapDebugId?: string | undefined
  /** Takes an ID for this file; an ID is not adopted where another file of the build has it. */
  takeId?: (debugId: string) => boolean
  /** Where the script is to say that its map is. */
  link?: ((debugId: string) => string | undefined) | undefined
  /** Takes out what a later stage will change, such as webpack's provisional hashes, before the ID is computed. */
  neutralize?: (text: string) => string
}

export interface Injected<Code> {
  code: Code
  debugId: string
  /** Absent where the script already registers the ID. */
  insertion?: Insertion
}

/** How many bytes are searched for the prologue first. */
const firstLook = 16 * 1024

/**
 * Puts the snippet before the first statement, without a line break, and the debug ID into a comment at the end, in
 * place of whatever trailing comment block there was. An ID that a tool already wrote is adopted.
 * From bytes, only what must be read is decoded, as latin1, where an offset is a byte; only the column needs UTF-16.
 */
export function inject<Code extends string | Buffer>(source: Code, options: InjectOptions): Injected<Code> {
  const comments = readTrailingComments(source)
  const at = Math.min(bodyStart(source), comments.bodyEnd)
  const head = textOf(cut(source, 0, at))
  const body = cut(source, at, comments.bodyEnd)
  const isFree = (id: string | undefined): id is string => id !== undefined && options.takeId?.(id) !== false

  const registered = registeredId(textOf(cut(source, at, at + registrationReach)), comments.debugId)
  if (registered !== undefined) {
    const code = textOf(body)
    const text = code.startsWith(snippetStart) ? '' : (options.supplement ?? '')
    const adopted = normalizeDebugId(registered)
    const rest = code.replaceAll(registered, placeholderId)
    const debugId = isFree(adopted) ? adopted : ownId(source, options, [head, text, rest])
    const parts = [head, text, rest].map(part => part.replaceAll(placeholderId, debugId))
    const injected = { code: join(source, [...parts, comment(debugId, options)]), debugId }
    return text ? { ...injected, insertion: { ...positionOf(source, head), length: text.length } } : injected
  }

  const snippet = needsLineBreak(head, body) ? `\n${options.snippet}` : options.snippet
  const found = normalizeDebugId(comments.debugId) ?? normalizeDebugId(options.mapDebugId)
  const debugId = isFree(found) ? found : ownId(source, options, [head, snippet, body])
  const text = snippet.replaceAll(placeholderId, debugId)
  return {
    code: join(source, [head, text, body, comment(debugId, options)]),
    debugId,
    insertion: { ...positionOf(source, head), length: text.length },
  }
}

function bodyStart(source: string | Buffer): number {
  if (typeof source === 'string') return prologueEnd(source)
  const at = prologueEnd(source.toString('latin1', 0, firstLook))
  // Near the end of what was looked at, it may be decided by what comes after.
  return at < firstLook - 256 ? at : prologueEnd(source.toString('latin1'))
}

function cut(source: string | Buffer, start: number, end: number): string | Buffer {
  return typeof source === 'string' ? source.slice(start, end) : source.subarray(start, end)
}

function textOf(part: string | Buffer): string {
  return typeof part === 'string' ? part : part.toString('latin1')
}

/** Strings among the parts are of bytes, read as latin1, where the source is bytes. */
const encodingOf = (source: string | Buffer): 'utf8' | 'latin1' => (typeof source === 'string' ? 'utf8' : 'latin1')

function ownId(source: string | Buffer, options: InjectOptions, parts: (string | Buffer)[]): string {
  const { path, neutralize, takeId } = options
  const debugId = computeDebugId(neutralize?.(path) ?? path, hash => {
    for (const part of parts) {
      const hashed = neutralize ? neutralize(textOf(part)) : part
      if (typeof hashed === 'string') hash.update(hashed, encodingOf(source))
      else hash.update(hashed)
    }
  })
  takeId?.(debugId)
  return debugId
}

function comment(debugId: string, { link }: InjectOptions): string {
  return writeTrailingComments({ debugId, mapUrl: link?.(debugId) })
}

/** A file of nothing but comments may end in one that would swallow the snippet. */
function needsLineBreak(head: string, body: string | Buffer): boolean {
  return body.length === 0 && /\/\/[^\n]*$/.test(head.slice(head.lastIndexOf('\n') + 1))
}

/** The BOM is left out: engines strip it before they count columns, and so do the tools that write maps. */
function positionOf(source: string | Buffer, head: string): { line: number; column: number } {
  const lineStart = head.lastIndexOf('\n') + 1
  let line = 1
  for (let at = head.indexOf('\n'); at >= 0; at = head.indexOf('\n', at + 1)) line += 1
  const prefix = head.slice(lineStart)
  const text = typeof source === 'string' ? prefix : Buffer.from(prefix, 'latin1').toString('utf8')
  return { line, column: text.replace(/^\ufeff/, '').length }
}

function join<Code extends string | Buffer>(source: Code, parts: (string | Buffer)[]): Code {
  const encoding = encodingOf(source)
  const whole =
    typeof source === 'string'
      ? parts.join('')
      : Buffer.concat(parts.map(part => (typeof part === 'string' ? Buffer.from(part, encoding) : part)))
  return whole as Code
}
