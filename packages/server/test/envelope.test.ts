import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { type EnvelopePart, LIMITS, readEnvelope } from '../src/events/envelope.ts'
import { createBodyMemory } from '../src/http/body-memory.ts'

const EVENT = '{"event_id":"8fb07b8898ae45b29d72c13899d67cf9","message":"ö"}'

/** Reads an envelope that comes in pieces of `size` bytes. */
async function read(envelope: string | Buffer, size = 7): Promise<EnvelopePart[]> {
  const bytes = Buffer.from(envelope)
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
  const parts: EnvelopePart[] = []
  for await (const part of readEnvelope(Readable.from(pieces), createBodyMemory(1e9).open())) parts.push(part)
  return parts
}

function payloads(parts: EnvelopePart[]): (string | undefined)[] {
  return parts.flatMap(part => ('item' in part ? [part.item.payload?.toString()] : []))
}

function types(parts: EnvelopePart[]): string[] {
  return parts.flatMap(part => ('item' in part ? [part.item.type] : []))
}

test('an event without a length ends with its line, as browsers send it', async () => {
  const [header, ...items] = await read(`{"event_id":"a","dsn":"http://k@h/1"}\n{"type":"event"}\n${EVENT}`)
  expect(header).toEqual({ header: { eventId: 'a', dsn: 'http://k@h/1' } })
  expect(payloads(items)).toEqual([EVENT])
})

test('a length counts bytes, and what it covers may hold newlines', async () => {
  const attachment = Buffer.from('line\nline\0\n{"type":"event"}\n')
  const envelope = Buffer.concat([
    Buffer.from(`{}\n{"type":"attachment","length":${attachment.length}}\n`),
    attachment,
    Buffer.from(`\n{"type":"event","length":${Buffer.byteLength(EVENT)}}\n${EVENT}\n{"type":"session"}\n{}\n`),
  ])
  for (const size of [1, 2, 13, 4096]) {
    const parts = await read(envelope, size)
    expect(types(parts)).toEqual(['attachment', 'event', 'session'])
    expect(payloads(parts)).toEqual([undefined, EVENT, undefined])
  }
})

test('items that are not kept are read past, whatever their size', async () => {
  const replay = 'x'.repeat(3 * LIMITS.event)
  const parts = await read(
    `{}\n{"type":"replay_recording"}\n${replay}\n{"type":"log","length":${replay.length}}\n${replay}\n{"type":"event"}\n${EVENT}`,
    65_536,
  )
  expect(payloads(parts)).toEqual([undefined, undefined, EVENT])
})

test.each([
  ['', 400, 'is empty'],
  ['\n\n', 400, 'is empty'],
  ['not JSON', 400, 'Invalid json'],
  [`{}\n{"type":"event","a":${'['.repeat(1000)}}`, 400, 'nested deeper'],
  ['[]', 400, 'not an object'],
  ['{}\nnull', 400, 'not an object'],
  ['{}\n{}', 400, 'no type'],
  ['{}\n{"type":7}', 400, 'no type'],
  ['{}\n{"type":"event","length":-1}\n', 400, 'not a number of bytes'],
  ['{}\n{"type":"event","length":"9"}\n', 400, 'not a number of bytes'],
  ['{}\n{"type":"event","length":9}\nshort', 400, 'ends early'],
  ['{}\n{"type":"session","length":9007199254740991}\nshort', 400, 'ends early'],
  ['{}\n{"type":"session","length":2}\n{"longer":1}', 400, 'longer than its length'],
  [`{"${'a'.repeat(LIMITS.header)}":1}`, 413, 'line too long'],
  [`{}\n{"type":"event","length":${LIMITS.event + 1}}\n`, 413, 'at most'],
  [`{}\n{"type":"event"}\n${'x'.repeat(LIMITS.event + 1)}`, 413, 'line too long'],
  [`{}\n${'{"type":"session"}\n{}\n'.repeat(LIMITS.items + 1)}`, 413, 'at most'],
])('%.60j is refused', async (envelope, status, text) => {
  const problem = await read(envelope, 65_536).catch(cause => cause)
  expect(problem).toMatchObject({ status, body: { detail: expect.stringContaining(text) } })
})

test('a session of length zero is followed by the next item', async () => {
  const parts = await read(`{}\n{"type":"session","length":0}\n\n{"type":"event"}\n${EVENT}\n`)
  expect(types(parts)).toEqual(['session', 'event'])
})
