import { computeDebugId, normalizeDebugId, placeholderId } from './debug-id.ts'
import { prologueEnd } from './prologue.ts'
import { registeredId, snippetStart } from './snippet.ts'
import { readTail } from './tail.ts'

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
  /** Takes out what a later stage will change, such as webpack's provisional hashes, before the ID is computed. */
  neutralize?: (text: string) => string
}

export interface Injected<Code> {
  code: Code
  debugId: string
  /** Absent where the script already registers the ID. */
  insertion?: Insertion
}

/**
 * Puts the snippet before the first statement, without a line break, and the debug ID into a comment at the end, in
 * place of whatever trailing comment block there was. An ID that a tool already wrote is adopted.
 * Bytes are read as latin1, where an offset is a byte; only the column needs UTF-16.
 */
export function inject<Code extends string | Buffer>(source: Code, options: InjectOptions): Injected<Code> {
  const code = typeof source === 'string' ? source : source.toString('latin1')
  const tail = readTail(code)
  const at = Math.min(prologueEnd(code), tail.bodyEnd)
  const head = code.slice(0, at)
  const body = code.slice(at, tail.bodyEnd)
  const isFree = (id: string | undefined): id is string => id !== undefined && options.takeId?.(id) !== false

  const registered = registeredId(code, at, tail.debugId)
  if (registered !== undefined) {
    const text = body.startsWith(snippetStart) ? '' : (options.supplement ?? '')
    const adopted = normalizeDebugId(registered)
    const rest = body.replaceAll(registered, placeholderId)
    const debugId = isFree(adopted) ? adopted : ownId(source, options, [head, text, rest])
    const parts = [head, text, rest].map(part => part.replaceAll(placeholderId, debugId))
    const injected = { code: join(source, [...parts, comment(debugId)]), debugId }
    return text ? { ...injected, insertion: { ...positionOf(source, head), length: text.length } } : injected
  }

  const snippet = needsLineBreak(head, body) ? `\n${options.snippet}` : options.snippet
  const found = normalizeDebugId(tail.debugId) ?? normalizeDebugId(options.mapDebugId)
  const debugId = isFree(found) ? found : ownId(source, options, [head, snippet, body])
  const text = snippet.replaceAll(placeholderId, debugId)
  return {
    code: join(source, [head, text, body, comment(debugId)]),
    debugId,
    insertion: { ...positionOf(source, head), length: text.length },
  }
}

function ownId(source: string | Buffer, options: InjectOptions, parts: string[]): string {
  const { path, neutralize = text => text, takeId } = options
  const encoding = typeof source === 'string' ? 'utf8' : 'latin1'
  const debugId = computeDebugId(neutralize(path), hash => {
    for (const part of parts) hash.update(neutralize(part), encoding)
  })
  takeId?.(debugId)
  return debugId
}

function comment(debugId: string): string {
  return `\n//# debugId=${debugId}\n`
}

/** A file of nothing but comments may end in one that would swallow the snippet. */
function needsLineBreak(head: string, body: string): boolean {
  return body === '' && /\/\/[^\n]*$/.test(head.slice(head.lastIndexOf('\n') + 1))
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

function join<Code extends string | Buffer>(source: Code, parts: string[]): Code {
  const text = parts.join('')
  return (typeof source === 'string' ? text : Buffer.from(text, 'latin1')) as Code
}
