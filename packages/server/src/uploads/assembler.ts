import { createHash } from 'node:crypto'
import type { BuildRecord } from '@mapseal/core'
import { reason } from '@mapseal/core'
import type { ServerContext } from '../context.ts'
import { HttpProblem } from '../http/problem.ts'
import { isSameUpload, recordBuild } from './builds.ts'
import { openBundle } from './bundle.ts'
import { BundleFault } from './bundle-fault.ts'
import { type BundleState, readBundleState, writeBundleState } from './bundle-state.ts'
import { openSpill, type Spill } from './spill.ts'
import { unpackBundle } from './unpack.ts'

export interface AssembleRequest {
  checksum: string
  chunks: string[]
  /** Slugs. */
  projects: string[]
  release?: string
  dist?: string
  /** Of release bundles, which must say for themselves what they belong to. */
  mustName?: { org: string; release: string }
}

export interface Outcome {
  state: 'not_found' | 'created' | 'assembling' | 'ok' | 'error'
  detail: string | null
  missingChunks: string[]
}

export interface Assembler {
  /** @throws HttpProblem 503 */
  assemble(request: AssembleRequest, context: ServerContext): Promise<Outcome>
  /** Begins nothing more, and resolves once nothing is being assembled. */
  settle(): Promise<void>
}

/** A small bundle is done in this time, and its client need not ask again. */
const patienceMs = 1000
/** The same bytes fail again; after this long the reason may have been ours. */
const errorMs = 600_000
/** At a time; each may take as much memory as the budget allows. */
const parallel = 2
/** In names of chunks, see {@link costOf}: a thousand small bundles. */
const mostWaiting = 1_000_000

export function createAssembler(): Assembler {
  const jobs = new Map<string, Promise<Outcome>>()
  const waiting: (() => void)[] = []
  let running = 0
  let cost = 0
  let isClosed = false

  async function inTurn(request: AssembleRequest, context: ServerContext): Promise<Outcome> {
    if (running >= parallel) await new Promise<void>(start => waiting.push(start))
    else running++
    try {
      // Whoever asks next, perhaps another server, begins anew.
      return isClosed ? notYet('created') : await run(request, context)
    } catch (cause) {
      context.log.error('assemble', { bundle: request.checksum, message: reason(cause) })
      return failed('internal server error')
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }

  function start(key: string, request: AssembleRequest, context: ServerContext): Promise<Outcome> {
    const known = jobs.get(key)
    if (known) return known
    const own = costOf(request)
    if (cost > 0 && cost + own > mostWaiting) {
      throw new HttpProblem(503, { detail: 'Too many bundles wait to be assembled' }, { 'Retry-After': '5' })
    }
    cost += own
    const started = inTurn(request, context).finally(() => {
      cost -= own
      jobs.delete(key)
    })
    jobs.set(key, started)
    return started
  }

  async function assemble(request: AssembleRequest, context: ServerContext): Promise<Outcome> {
    const { checksum, chunks, projects, release, dist } = request
    const key = JSON.stringify([checksum, release, dist, projects])
    const running = jobs.get(key)
    if (running) return withPatience(running, 'assembling')
    const known = await fromState(request, context)
    if (known) return known
    const missingChunks = await context.uploads.chunks.missing(chunks)
    if (missingChunks.length > 0 || chunks.length === 0) return { state: 'not_found', detail: null, missingChunks }
    return withPatience(start(key, request, context), 'created')
  }

  return {
    assemble,
    async settle() {
      isClosed = true
      await Promise.all(jobs.values())
    },
  }
}

/** What a job that waits keeps in memory, in names of chunks. */
function costOf({ chunks }: AssembleRequest): number {
  return 1000 + chunks.length
}

const notYet = (state: 'created' | 'assembling'): Outcome => ({ state, detail: null, missingChunks: [] })
const done: Outcome = { state: 'ok', detail: null, missingChunks: [] }
const failed = (detail: string): Outcome => ({ state: 'error', detail, missingChunks: [] })

/** The same bytes for another release or project need no chunks: what was unpacked is here. */
async function fromState(request: AssembleRequest, context: ServerContext): Promise<Outcome | undefined> {
  const state = await readBundleState(context.store, request.checksum)
  if (state?.state === 'error') {
    return Date.now() - Date.parse(state.at) < errorMs ? failed(state.detail) : undefined
  }
  const build = state?.state === 'ok' && (await context.builds.builds()).find(({ id }) => isSameUpload(id, state.build))
  // It was pruned, and perhaps its packs with it.
  if (!build) return undefined
  await recordBuild(context, request.checksum, build.files, associationOf(request, build))
  return done
}

function associationOf(request: AssembleRequest, build: BuildRecord) {
  const { projects } = request
  const release = request.release ?? build.release?.name
  const dist = saysItself(request) ? build.release?.dist : request.dist
  return { projects, ...(release && { release }), ...(dist && { dist }) }
}

/** Whether the dist is in the manifest alone. */
function saysItself({ release, mustName }: AssembleRequest): boolean {
  return release === undefined || mustName !== undefined
}

async function run(request: AssembleRequest, context: ServerContext): Promise<Outcome> {
  const { store, log, metrics } = context
  const start = performance.now()
  const at = () => new Date().toISOString()
  let state: BundleState
  try {
    const build = await unpack(request, context)
    state = { version: 1, state: 'ok', at: at(), build: build?.id ?? '' }
    log.info('assembled', { bundle: request.checksum, build: build?.id, files: build?.files.length ?? 0 })
  } catch (cause) {
    if (!(cause instanceof BundleFault)) {
      log.error('assemble', { bundle: request.checksum, message: reason(cause) })
      metrics.count('mapseal_bundles_total', 'Bundles assembled, by outcome.', { state: 'fault' })
      return failed('internal server error')
    }
    state = { version: 1, state: 'error', at: at(), detail: cause.message }
    log.warn('bundle refused', { bundle: request.checksum, detail: cause.message })
  }
  await writeBundleState(store, request.checksum, state)
  metrics.count('mapseal_bundles_total', 'Bundles assembled, by outcome.', { state: state.state })
  metrics.observe('mapseal_assemble_seconds', 'Time to assemble a bundle.', (performance.now() - start) / 1000)
  return state.state === 'ok' ? done : failed(state.detail)
}

/** @returns undefined for a bundle without files, which is no upload */
async function unpack(request: AssembleRequest, context: ServerContext): Promise<BuildRecord | undefined> {
  const { options, vault, uploads } = context
  await using spill = await openSpill()
  await joinChunks(request, context, spill)
  const bundle = await openBundle(spill.fd, options.limits)
  const { files, attributes } = bundle.manifest
  if (request.mustName && (attributes.org !== options.org || attributes.release !== request.mustName.release)) {
    throw new BundleFault('the bundle is invalid: its manifest names another organization or release')
  }
  if (files.length === 0) return undefined
  const release = request.release ?? attributes.release
  const dist = saysItself(request) ? attributes.dist : request.dist
  checkRelease(release, dist)
  if (release === undefined && !files.some(({ debugId }) => debugId !== undefined)) {
    throw new BundleFault('uploading a bundle without debug ids or release is prohibited')
  }
  const records = await unpackBundle(bundle, vault, uploads.budget)
  const association = { projects: request.projects, ...(release && { release }), ...(dist && { dist }) }
  return recordBuild(context, request.checksum, records, association)
}

/** Here from the manifest, where nobody has looked yet. */
function checkRelease(release: string | undefined, dist: string | undefined): void {
  if (release !== undefined && !isVersion(release))
    throw new BundleFault('the bundle is invalid: its release is no name')
  if (dist !== undefined && !isDist(dist)) throw new BundleFault('the bundle is invalid: its dist is no name')
}

/** As the server of Sentry has it. */
export function isVersion(version: string): boolean {
  return (
    /^[^/\\\u0000-\u001f\u007f]{1,250}$/.test(version) &&
    !['.', '..', 'latest'].includes(version) &&
    version.trim() === version
  )
}

export function isDist(dist: string): boolean {
  return /^[^\u0000-\u001f\u007f]{1,64}$/.test(dist)
}

async function joinChunks({ checksum, chunks }: AssembleRequest, context: ServerContext, spill: Spill): Promise<void> {
  const { bundleBytes } = context.options.limits
  const hash = createHash('sha1')
  for (const name of chunks) {
    const bytes = await context.uploads.chunks.get(name)
    if (!bytes) throw new BundleFault('Not all chunks available for assembling')
    if (spill.size() + bytes.length > bundleBytes) {
      throw new BundleFault(`File bundle exceeds maximum size (${spill.size() + bytes.length} > ${bundleBytes})`)
    }
    hash.update(bytes)
    await spill.append(bytes)
  }
  if (hash.digest('hex') !== checksum) throw new BundleFault('Reported checksum mismatch')
}

async function withPatience(job: Promise<Outcome>, otherwise: 'created' | 'assembling'): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Outcome>(resolve => {
    timer = setTimeout(() => resolve(notYet(otherwise)), patienceMs)
  })
  return Promise.race([job, late]).finally(() => clearTimeout(timer))
}
