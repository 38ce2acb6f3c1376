import { reason } from '@mapseal/core'
import { HttpProblem } from '../http/problem.ts'
import { storeFailureOf } from '../store/failure.ts'
import {
  type AssembleOutcome,
  type AssembleRequest,
  countBundle,
  failed,
  type ImportServices,
  importBundle,
  knownOutcome,
} from './import-bundle.ts'

export interface BundleQueue {
  /** @throws HttpProblem 503 */
  assemble(request: AssembleRequest): Promise<AssembleOutcome>
  /** Starts nothing more, and resolves once nothing is being assembled. */
  settle(): Promise<void>
}

/** In ms. A small bundle is done by then, so that its client need not ask again. */
const patienceMs = 1000
/** Bundles at a time; each may take as much memory as the budget allows. */
const parallel = 2
/** Maximum cost of all jobs, see {@link costOf}: a thousand small bundles. */
const mostWaiting = 1_000_000

export function createBundleQueue(services: ImportServices): BundleQueue {
  const jobs = new Map<string, Promise<AssembleOutcome>>()
  const waiting: (() => void)[] = []
  let running = 0
  let cost = 0
  let isClosed = false

  async function inTurn(request: AssembleRequest): Promise<AssembleOutcome> {
    if (running >= parallel) await new Promise<void>(start => waiting.push(start))
    else running++
    try {
      // The client asks again, perhaps another server, which starts anew.
      return isClosed ? notYet('created') : await importBundle(request, services)
    } catch (cause) {
      services.log.error('assemble', { bundle: request.checksum, message: reason(cause) })
      countBundle(services.metrics, 'fault')
      // Clients give up on a bundle that failed, but try again if the server did.
      if (storeFailureOf(cause)) throw cause
      return failed('internal server error')
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }

  function start(key: string, request: AssembleRequest): Promise<AssembleOutcome> {
    const known = jobs.get(key)
    if (known) return known
    const own = costOf(request)
    if (cost > 0 && cost + own > mostWaiting) {
      throw new HttpProblem(503, { detail: 'Too many bundles are waiting to be assembled' }, { 'Retry-After': '5' })
    }
    cost += own
    const started = inTurn(request).finally(() => {
      cost -= own
      jobs.delete(key)
    })
    jobs.set(key, started)
    return started
  }

  async function assemble(request: AssembleRequest): Promise<AssembleOutcome> {
    const { checksum, chunks, projects, release, dist } = request
    const key = JSON.stringify([checksum, release, dist, projects])
    const running = jobs.get(key)
    if (running) return withPatience(running, 'assembling')
    const known = await knownOutcome(request, services)
    if (known) return known
    const missingChunks = await services.chunks.missing(chunks)
    if (missingChunks.length > 0 || chunks.length === 0) return { state: 'not_found', detail: null, missingChunks }
    return withPatience(start(key, request), 'created')
  }

  return {
    assemble,
    async settle() {
      isClosed = true
      await Promise.allSettled(jobs.values())
    },
  }
}

/** The memory that a waiting job takes, in names of chunks. */
function costOf({ chunks }: AssembleRequest): number {
  return 1000 + chunks.length
}

const notYet = (state: 'created' | 'assembling'): AssembleOutcome => ({ state, detail: null, missingChunks: [] })

async function withPatience(
  job: Promise<AssembleOutcome>,
  otherwise: 'created' | 'assembling',
): Promise<AssembleOutcome> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<AssembleOutcome>(resolve => {
    timer = setTimeout(() => resolve(notYet(otherwise)), patienceMs)
  })
  return Promise.race([job, late]).finally(() => clearTimeout(timer))
}
