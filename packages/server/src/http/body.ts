import type { IncomingMessage } from 'node:http'
import { type Readable, Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { createBlock } from './block.ts'
import type { Hold } from './body-memory.ts'
import { HttpProblem } from './problem.ts'

const decoders: Record<string, () => Transform> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/**
 * A whole body, decoded as `Content-Encoding` says.
 *
 * @throws HttpProblem 413 beyond `maxBytes` after decoding, 415 for an unknown encoding, 400 if it does not decode, 503 if all
 *   bodies together are too large
 */
export async function readBody(incoming: IncomingMessage, maxBytes: number, hold: Hold): Promise<Buffer> {
  const block = createBlock(hold)
  for await (const part of readParts(incoming, maxBytes)) block.append(part)
  return block.bytes()
}

/** The same piece by piece, for bodies that need not be in memory as a whole. */
export async function* readParts(incoming: IncomingMessage, maxBytes: number): AsyncGenerator<Buffer> {
  const encoding = (incoming.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (Number(incoming.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes)
  if (encoding === 'identity' || encoding === '') return yield* limited(incoming, maxBytes)
  const decoder = Object.hasOwn(decoders, encoding) ? decoders[encoding]?.() : undefined
  if (!decoder) throw new HttpProblem(415, { detail: 'Unsupported Content-Encoding' })
  incoming.once('error', cause => decoder.destroy(cause))
  incoming.pipe(decoder)
  try {
    yield* limited(decoder, maxBytes)
  } catch (cause) {
    if (cause instanceof HttpProblem) throw cause
    throw new HttpProblem(400, { detail: 'The body does not decode as its Content-Encoding says' })
  } finally {
    incoming.unpipe(decoder)
    decoder.destroy()
  }
}

/** @throws HttpProblem 413 as soon as there are more than `maxBytes` */
async function* limited(stream: Readable, maxBytes: number): AsyncGenerator<Buffer> {
  let size = 0
  // Not destroyed here: the request is still to be answered.
  for await (const part of stream.iterator({ destroyOnReturn: false })) {
    size += part.length
    if (size > maxBytes) throw tooLarge(maxBytes)
    yield part
  }
}

/** @throws HttpProblem 413 as soon as there are more than `maxBytes` */
export async function collect(stream: Readable, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of limited(stream, maxBytes)) parts.push(part)
  return Buffer.concat(parts)
}

/** Passes bytes through, and fails beyond `maxBytes`. */
export function limitBytes(maxBytes: number): Transform {
  let size = 0
  return new Transform({
    transform(part: Buffer, _encoding, done) {
      size += part.length
      if (size > maxBytes) done(tooLarge(maxBytes))
      else done(null, part)
    },
  })
}

function tooLarge(maxBytes: number): HttpProblem {
  return new HttpProblem(413, { detail: `The body exceeds ${maxBytes} bytes` })
}
