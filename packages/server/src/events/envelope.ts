import type { Hold } from '../http/body-memory.ts'
import { parseJson } from '../http/json.ts'
import { HttpProblem } from '../http/problem.ts'
import { type ByteReader, createByteReader, EndedEarly, TooLong } from './byte-reader.ts'
import { type Fields, fields, text } from './fields.ts'

/** In bytes, except for `items`. */
export const LIMITS: { header: number; event: number; items: number } = {
  /** Maximum length of a header line. */
  header: 64 * 1024,
  /** Maximum size of an event; the same as Sentry's. */
  event: 1024 * 1024,
  items: 100,
}

/** Maximum depth of JSON: SDKs cut what they send at a few levels. */
const DEEPEST = 200

export interface EnvelopeHeader {
  eventId?: string
  dsn?: string
}

export interface EnvelopeItem {
  type: string
  /** For events only; other items are skipped. */
  payload?: Buffer
}

export type EnvelopePart = { header: EnvelopeHeader } | { item: EnvelopeItem }

/**
 * Reads an envelope as it arrives: the header first, then the items, so that the key in the header is checked before any
 * payload is read, and replays and attachments are never held. `Headers { "\n" Item } [ "\n" ]`, Item = `Headers "\n"
 * Payload`; an item's `length` is in bytes, and without one its payload ends with the line.
 * https://develop.sentry.dev/sdk/data-model/envelopes/
 *
 * @param hold counts the bytes in memory; the caller releases it after each part
 * @throws HttpProblem 400, 413, 503
 */
export async function* readEnvelope(stream: AsyncIterable<Uint8Array>, hold: Hold): AsyncGenerator<EnvelopePart> {
  const reader = createByteReader(stream, hold)
  try {
    const header = await headerOf(reader)
    if (!header) throw malformed('The envelope is empty')
    yield { header: envelopeHeader(header) }
    for (let items = 0; ; items++) {
      const item = await nextItem(reader)
      if (!item) return
      if (items === LIMITS.items) throw tooLarge(`An envelope holds at most ${LIMITS.items} items`)
      yield { item }
    }
  } catch (cause) {
    if (cause instanceof TooLong) throw tooLarge(`The envelope has a line too long: ${cause.message}`)
    if (cause instanceof EndedEarly) throw malformed(`The envelope ends early: ${cause.message}`)
    throw cause
  }
}

function envelopeHeader(header: Fields): EnvelopeHeader {
  const eventId = text(header.event_id, 64)
  const dsn = text(header.dsn, 1024)
  return { ...(eventId && { eventId }), ...(dsn && { dsn }) }
}

async function nextItem(reader: ByteReader): Promise<EnvelopeItem | undefined> {
  const header = await headerOf(reader)
  if (!header) return undefined
  const type = text(header.type, 64)
  if (!type) throw malformed('An item of the envelope has no type')
  const { length } = header
  if (length === undefined) return withoutLength(type, reader)
  if (!Number.isSafeInteger(length) || (length as number) < 0) {
    throw malformed('The length of an item of the envelope is not a number of bytes')
  }
  const item = await withLength(type, length as number, reader)
  await reader.line(0).catch(cause => {
    if (!(cause instanceof TooLong)) throw cause
    throw malformed('An item of the envelope is longer than its length says')
  })
  return item
}

async function withLength(type: string, length: number, reader: ByteReader): Promise<EnvelopeItem> {
  if (type !== 'event') {
    await reader.skip(length)
    return { type }
  }
  if (length > LIMITS.event) throw tooLarge(`An event takes at most ${LIMITS.event} bytes`)
  return { type, payload: await reader.bytes(length) }
}

async function withoutLength(type: string, reader: ByteReader): Promise<EnvelopeItem> {
  if (type === 'event') return { type, payload: (await reader.line(LIMITS.event)) ?? Buffer.alloc(0) }
  await reader.skipLine()
  return { type }
}

/** The next line that is not blank; undefined at the end. */
async function headerOf(reader: ByteReader): Promise<Fields | undefined> {
  for (;;) {
    const line = await reader.line(LIMITS.header)
    if (!line) return undefined
    if (line.length > 0) return parseFields(line)
  }
}

/** @throws HttpProblem 400 if it is not a JSON object */
export function parseFields(json: Buffer): Fields {
  const value = parseJson(json.toString('utf8'), DEEPEST)
  if (fields(value) !== value) throw malformed('The envelope contains JSON that is not an object')
  return value as Fields
}

function malformed(detail: string): HttpProblem {
  return new HttpProblem(400, { detail })
}

function tooLarge(detail: string): HttpProblem {
  return new HttpProblem(413, { detail })
}
