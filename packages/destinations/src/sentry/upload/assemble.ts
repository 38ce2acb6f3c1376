import { setTimeout as sleep } from 'node:timers/promises'
import { MapsealError } from '@mapseal/core'
import type { Chunk, ChunkedBundle } from '../bundle/chunks.ts'
import { type Answer, askToAssemble, type Label } from './assemble-request.ts'
import { sendChunks, type Upload } from './chunks.ts'

/** How long to wait before the state is requested again, in ms: a little at first, then twice as long each time. */
export interface Timing {
  firstPollMs: number
  pollMs: number
}

/** A server that forgets what it was just sent will go on doing so. */
const maxRounds = 3

/** Where the server's whole vocabulary is `created` (GlitchTip, Bugsink), a few more questions get no other word. */
const maxCreated = 5

/**
 * Makes the server have a bundle: asks which chunks it lacks, sends those, asks again, until it says `ok`.
 * @returns the server's message, for people
 * @throws MapsealError with the server's words, or when it does not come to an end
 */
export async function deliverBundle(
  bundle: ChunkedBundle,
  label: Label,
  upload: Upload,
  { firstPollMs, pollMs }: Timing,
): Promise<string | undefined> {
  const { context, options } = upload
  const unique = [...new Map(bundle.chunks.map(chunk => [chunk.sha1, chunk])).values()]
  // Servers that do not know "missing chunks" answer `created` to anything: there, all are sent first.
  if (options.kind !== 'missing') await sendChunks(unique, upload)

  const deadline = Date.now() + options.maxWaitMs
  for (let rounds = 0, created = 0, wait = firstPollMs; ; wait = Math.min(wait * 2, pollMs)) {
    const answer = await askToAssemble(bundle, label, upload, rounds > 0)
    if (answer.state === 'ok') return undefined
    if (answer.state === 'error') throw failed(answer.detail ?? 'no reason given')
    if (answer.state === 'not_found' || answer.missing.length > 0) {
      if (++rounds > maxRounds) {
        throw failed(`it was sent ${maxRounds} times what it still calls missing`)
      }
      await sendChunks(missingChunks(answer, unique), upload)
      continue
    }
    if (answer.state === 'created' && options.kind === 'bundles' && ++created >= maxCreated) {
      return 'queued; this server does not report the outcome'
    }
    if (Date.now() + wait > deadline) {
      throw new MapsealError(
        'sentry',
        `The server has not processed the upload in ${Math.round(options.maxWaitMs / 1000)} s. It may still; run "mapseal flush" later.`,
      )
    }
    await sleep(wait, undefined, { signal: context.signal })
  }
}

/** `not_found` without names means all. */
function missingChunks({ missing }: Answer, unique: Chunk[]): Chunk[] {
  if (missing.length === 0) return unique
  const wanted = new Set(missing)
  const chunks = unique.filter(({ sha1 }) => wanted.has(sha1))
  if (chunks.length === 0) throw failed('it misses chunks that the bundle does not have')
  return chunks
}

function failed(detail: string): MapsealError {
  return new MapsealError(
    'sentry',
    `The server could not process the upload: ${detail}. The maps are in the vault; run "mapseal flush" to try again.`,
  )
}
