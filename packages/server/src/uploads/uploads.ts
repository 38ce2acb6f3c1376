import type { Store, Vault } from '@mapseal/core'
import { type Budget, createBudget } from '../budget.ts'
import type { BuildIndex } from '../builds/index.ts'
import { type BodyMemory, createBodyMemory } from '../http/body-memory.ts'
import type { Metrics } from '../http/metrics.ts'
import type { ResolvedServerOptions } from '../options.ts'
import { createBuildRecorder, type RecordBuild } from './builds.ts'
import { type BundleQueue, createBundleQueue } from './bundle-queue.ts'
import { pruneBundleStates } from './bundle-state.ts'
import { type ChunkStore, createChunkStore } from './chunks.ts'
import { pruneReleaseFiles } from './release-file-store.ts'
import { createReleaseStore, type ReleaseStore } from './release-store.ts'
import { createTurns, type Turns } from './turns.ts'

/** The services that upload routes share. */
export interface Uploads {
  chunks: ChunkStore
  releases: ReleaseStore
  bundleQueue: BundleQueue
  recordBuild: RecordBuild
  /** For bytes in memory. */
  budget: Budget
  /** For forms in temporary files. */
  disk: BodyMemory
  turns: Turns
  /** Deletes chunks that were not requested for a week, and uploaded builds beyond those to retain. */
  prune(): Promise<void>
  /** Waits for the bundles that are being assembled. */
  close(): Promise<void>
}

const budgetBytes = 256 << 20
const dayMs = 86_400_000
/** Builds of a week have most chunks in common. */
const chunkAgeMs = 7 * dayMs
const stateAgeMs = 30 * dayMs

export interface UploadsSettings {
  store: Store
  vault: Vault
  builds: Pick<BuildIndex, 'upload' | 'note'>
  options: ResolvedServerOptions
  metrics: Metrics
}

export function createUploads({ store, vault, builds, options, metrics }: UploadsSettings): Uploads {
  const { log, retain, limits } = options
  const chunks = createChunkStore(store)
  const budget = createBudget(budgetBytes)
  const recordBuild = createBuildRecorder({ store, vault, builds })
  const bundleQueue = createBundleQueue({ store, vault, builds, recordBuild, chunks, budget, options, log, metrics })

  return {
    chunks,
    bundleQueue,
    recordBuild,
    releases: createReleaseStore(store),
    budget,
    disk: createBodyMemory(limits.spilledBytes),
    turns: createTurns(),

    async prune() {
      const count = await chunks.prune(chunkAgeMs)
      if (count > 0) log.info('pruned', { chunks: count })
      await pruneBundleStates(store, stateAgeMs)
      await store.tidy?.()
      if (retain === undefined) return
      for (const message of await vault.prune(retain, { uploads: true }))
        log.warn('upkeep', { task: 'builds', message })
      await pruneReleaseFiles(store)
    },

    close: () => bundleQueue.settle(),
  }
}
