import { normalizeDebugId } from '@mapseal/core'
import { type Fields, fields, list, text, whole } from './fields.ts'
import { isOfApp } from './in-app.ts'
import { scrubTags, scrubText, scrubUrl } from './scrub.ts'
import type { StoredEvent, StoredException, StoredFrame } from './stored-event.ts'

/** An event as an SDK sent it, reduced to what is shown; its frames are not symbolicated yet. */
export type ClientEvent = Omit<StoredEvent, 'version' | 'id' | 'project' | 'group' | 'receivedAt'> & {
  id: string | undefined
}

const MOST = { exceptions: 25, frames: 250, framesOfAll: 500, images: 1000, tags: 50, contextLines: 5 }
const LONGEST = { name: 200, message: 8192, url: 2048, line: 500 }

/** Copies the fields listed here and no others: an unknown field may contain anything about anyone. */
export function readEvent(event: Fields): ClientEvent {
  const ids = debugIds(event)
  const release = text(event.release, LONGEST.name)
  const dist = text(event.dist, LONGEST.name)
  const environment = text(event.environment, LONGEST.name)
  const transaction = text(event.transaction, LONGEST.name)
  const url = text(fields(event.request).url, LONGEST.url)
  const sdk = nameAndVersion(event.sdk)
  const runtime = nameAndVersion(fields(event.contexts).browser) ?? nameAndVersion(fields(event.contexts).runtime)
  return {
    id: eventId(event.event_id),
    platform: text(event.platform, LONGEST.name) ?? 'other',
    level: text(event.level, LONGEST.name) ?? 'error',
    ...(release && { release }),
    ...(dist && { dist }),
    ...(environment && { environment }),
    ...(transaction && { transaction: scrubText(transaction) }),
    ...(url && { url: scrubUrl(url) }),
    ...(sdk && { sdk }),
    ...(runtime && { runtime }),
    tags: scrubTags(tags(event.tags)),
    exceptions: exceptions(event, ids),
  }
}

export function eventId(value: unknown): string | undefined {
  return normalizeDebugId(value)?.replaceAll('-', '')
}

/** By the script's URL, exactly as its frames name it. */
function debugIds(event: Fields): Map<string, string> {
  const ids = new Map<string, string>()
  for (const image of list(fields(event.debug_meta).images, MOST.images).map(fields)) {
    const file = text(image.code_file, LONGEST.url)
    const id = normalizeDebugId(image.debug_id)
    if (image.type === 'sourcemap' && file && id) ids.set(file, id)
  }
  return ids
}

function exceptions(event: Fields, ids: Map<string, string>): StoredException[] {
  const chain = valuesOf(event.exception, MOST.exceptions)
    .reverse()
    .map(value => exception(value, ids))
  if (chain.length > 0) return withFewFrames(chain)
  // A message: its stack, where it has one, is at the top level or that of the thread that sent it.
  const [thread] = valuesOf(event.threads, 1)
  const stack = event.stacktrace ?? thread?.stacktrace
  return [{ type: 'Message', value: messageOf(event), frames: framesOf(stack, ids) }]
}

/** What was thrown keeps its own, whatever the causes bring. */
function withFewFrames(exceptions: StoredException[]): StoredException[] {
  let left = MOST.framesOfAll
  return exceptions.map(exception => {
    const frames = exception.frames.slice(0, left)
    left -= frames.length
    return { ...exception, frames }
  })
}

/** SDKs send `{ values: […] }`, some a bare list. */
function valuesOf(value: unknown, most: number): Fields[] {
  return list(Array.isArray(value) ? value : fields(value).values, most).map(fields)
}

function exception(value: Fields, ids: Map<string, string>): StoredException {
  return {
    type: text(value.type, LONGEST.name) ?? 'Error',
    value: scrubText(text(value.value, LONGEST.message) ?? ''),
    frames: framesOf(value.stacktrace, ids),
  }
}

function messageOf(event: Fields): string {
  const entry = fields(event.logentry)
  const message = event.message ?? entry.formatted ?? entry.message
  return scrubText(text(message, LONGEST.message) ?? '')
}

/** SDKs send the innermost frame last. */
function framesOf(stack: unknown, ids: Map<string, string>): StoredFrame[] {
  const { frames } = fields(stack)
  const innermost = Array.isArray(frames) ? frames.slice(-MOST.frames).reverse() : []
  return innermost.map(value => frameOf(fields(value), ids))
}

function frameOf(frame: Fields, ids: Map<string, string>): StoredFrame {
  const url = text(frame.abs_path, LONGEST.url) ?? text(frame.filename, LONGEST.url)
  const line = whole(frame.lineno, 1)
  const column = whole(frame.colno, 1)
  const name = text(frame.function, LONGEST.name)
  const debugId = url === undefined ? undefined : ids.get(url)
  const context = line === undefined ? undefined : contextOf(frame, line)
  const generated = {
    ...(url && { file: scrubUrl(url) }),
    ...(name && name !== '?' && { function: name }),
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column: column - 1 }),
    ...(debugId && { debugId }),
  }
  return { generated, isInApp: frame.in_app !== false && isOfApp(url), ...(context && { context }) }
}

function contextOf(frame: Fields, line: number): StoredFrame['context'] {
  if (typeof frame.context_line !== 'string') return undefined
  const before = list(frame.pre_context, 100).slice(-Math.min(MOST.contextLines, line - 1))
  const after = list(frame.post_context, MOST.contextLines)
  const lines = [...(line === 1 ? [] : before), frame.context_line, ...after]
  const firstLine = line === 1 ? 1 : line - before.length
  return { firstLine, lines: lines.map(value => text(value, LONGEST.line) ?? '') }
}

/** The SDKs send an object; the protocol has pairs too. */
function tags(value: unknown): Record<string, string> {
  const pairs = Array.isArray(value) ? value : Object.entries(fields(value))
  const kept = pairs.slice(0, MOST.tags).flatMap(pair => {
    const [name, content] = Array.isArray(pair) ? pair : []
    if (typeof name !== 'string' || !['string', 'number', 'boolean'].includes(typeof content)) return []
    return [[name.slice(0, LONGEST.name), String(content).slice(0, LONGEST.name)] as const]
  })
  return Object.fromEntries(kept)
}

function nameAndVersion(value: unknown): string | undefined {
  const { name, version } = fields(value)
  const words = [text(name, LONGEST.name), text(version, LONGEST.name)]
  return words[0] && words.filter(Boolean).join(' ')
}
