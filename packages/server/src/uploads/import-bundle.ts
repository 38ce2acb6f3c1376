import { createHash } from 'node:crypto'
import type { BuildRecord, Store, Vault } from '@mapseal/core'
import type { Budget } from '../budget.ts'
import type { BuildIndex } from '../builds/index.ts'
import type { Log } from '../http/log.ts'
import type { Metrics } from '../http/metrics.ts'
import type { ResolvedServerOptions } from '../options.ts'
import type { RecordBuild } from './builds.ts'
import { openBundle } from './bundle.ts'
import { BundleFault } from './bundle-fault.ts'
import { type BundleState, readBundleState, writeBundleState } from './bundle-state.ts'
import type { ChunkStore } from './chunks.ts'
import { isDist, isVersion } from './names.ts'
import { openSpill, type Spill } from './spill.ts'
import { unpackBundle } from './unpack.ts'

export interface AssembleRequest {
  checksum: string
  chunks: string[]
  /** Slugs. */
  projects: string[]
  release?: string
  dist?: string
  /** For release bundles, whose manifest must name what they belong to. */
  mustName?: { org: string; release: string }
}

export interface ImportServices {
  store: Store
  vault: Vault
  builds: Pick<BuildIndex, 'upload'>
  recordBuild: RecordBuild
  chunks: ChunkStore
  budget: Budget
  options: Pick<ResolvedServerOptions, 'org' | 'limits'>
  log: Log
  metrics: Metrics
}

export interface AssembleOutcome {
  state: 'not_found' | 'created' | 'assembling' | 'ok' | 'error'
  detail: string | null
  missingChunks: string[]
}

/** In ms. The same bytes fail again, unless the server was at fault: after this long they are tried again. */
const errorMs = 600_000

const done: AssembleOutcome = { state: 'ok', detail: null, missingChunks: [] }
export const failed = (detail: string): AssembleOutcome => ({ state: 'error', detail, missingChunks: [] })

/** The outcome of an earlier import. The same bytes for another release or project need no chunks: they are unpacked already. */
export async function knownOutcome(
  request: AssembleRequest,
  { store, builds, recordBuild }: ImportServices,
): Promise<AssembleOutcome | undefined> {
  const state = await readBundleState(store, request.checksum)
  if (state?.state === 'error') {
    return Date.now() - Date.parse(state.at) < errorMs ? failed(state.detail) : undefined
  }
  const build = state?.state === 'ok' && (await builds.upload(state.build))
  // It was pruned, and perhaps its packs with it.
  if (!build) return undefined
  await recordBuild(request.checksum, build.files, associationOf(request, build))
  return done
}

function associationOf(request: AssembleRequest, build: BuildRecord) {
  const { projects } = request
  const release = request.release ?? build.release?.name
  const dist = namesItsRelease(request) ? build.release?.dist : request.dist
  return { projects, ...(release && { release }), ...(dist && { dist }) }
}

/** Whether the dist is in the manifest only. */
function namesItsRelease({ release, mustName }: AssembleRequest): boolean {
  return release === undefined || mustName !== undefined
}

/** Unpacks and records a bundle. @throws if something other than the bundle is at fault */
export async function importBundle(request: AssembleRequest, services: ImportServices): Promise<AssembleOutcome> {
  const { store, log, metrics } = services
  const start = performance.now()
  const at = () => new Date().toISOString()
  let state: BundleState
  try {
    const build = await unpack(request, services)
    state = { version: 1, state: 'ok', at: at(), build: build?.id ?? '' }
    log.info('assembled', { bundle: request.checksum, build: build?.id, files: build?.files.length ?? 0 })
  } catch (cause) {
    if (!(cause instanceof BundleFault)) throw cause
    state = { version: 1, state: 'error', at: at(), detail: cause.message }
    log.warn('bundle refused', { bundle: request.checksum, detail: cause.message })
  }
  await writeBundleState(store, request.checksum, state)
  countBundle(metrics, state.state)
  metrics.observe('mapseal_assemble_seconds', 'Time to assemble a bundle.', (performance.now() - start) / 1000)
  return state.state === 'ok' ? done : failed(state.detail)
}

export function countBundle(metrics: Metrics, state: BundleState['state'] | 'fault'): void {
  metrics.count('mapseal_bundles_total', 'Bundles assembled, by outcome.', { state })
}

/** @returns undefined for a bundle without files, which makes no build */
async function unpack(request: AssembleRequest, services: ImportServices): Promise<BuildRecord | undefined> {
  const { options, vault, budget, recordBuild } = services
  await using spill = await openSpill()
  await joinChunks(request, services, spill)
  const bundle = await openBundle(spill.fd, options.limits)
  const { files, attributes } = bundle.manifest
  if (request.mustName && (attributes.org !== options.org || attributes.release !== request.mustName.release)) {
    throw new BundleFault('the bundle is invalid: its manifest names another organization or release')
  }
  if (files.length === 0) return undefined
  const release = request.release ?? attributes.release
  const dist = namesItsRelease(request) ? attributes.dist : request.dist
  checkRelease(release, dist)
  if (release === undefined && !files.some(({ debugId }) => debugId !== undefined)) {
    throw new BundleFault('uploading a bundle without debug ids or release is prohibited')
  }
  const records = await unpackBundle(bundle, vault, budget)
  const association = { projects: request.projects, ...(release && { release }), ...(dist && { dist }) }
  return recordBuild(request.checksum, records, association)
}

/** Those in a request were checked before, those in a manifest were not. */
function checkRelease(release: string | undefined, dist: string | undefined): void {
  if (release !== undefined && !isVersion(release))
    throw new BundleFault('the bundle is invalid: its release is not a valid name')
  if (dist !== undefined && !isDist(dist)) throw new BundleFault('the bundle is invalid: its dist is not a valid name')
}

async function joinChunks(
  { checksum, chunks: names }: AssembleRequest,
  { chunks, options }: ImportServices,
  spill: Spill,
): Promise<void> {
  const { bundleBytes } = options.limits
  const hash = createHash('sha1')
  for (const name of names) {
    const bytes = await chunks.get(name)
    if (!bytes) throw new BundleFault('Not all chunks available for assembling')
    if (spill.size() + bytes.length > bundleBytes) {
      throw new BundleFault(`File bundle exceeds maximum size (${spill.size() + bytes.length} > ${bundleBytes})`)
    }
    hash.update(bytes)
    await spill.append(bytes)
  }
  if (hash.digest('hex') !== checksum) throw new BundleFault('Reported checksum mismatch')
}
