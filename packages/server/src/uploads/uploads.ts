import { reason, type Store, type Vault } from '@mapseal/core'
import { type Budget, createBudget } from '../budget.ts'
import type { ResolvedServerOptions } from '../options.ts'
import { type Assembler, createAssembler } from './assembler.ts'
import { pruneBundleStates } from './bundle-state.ts'
import { type ChunkStore, createChunkStore } from './chunks.ts'
import { createReleaseStore, type ReleaseStore } from './release-store.ts'
import { createTurns, type Turns } from './turns.ts'

/** What the upload routes share. */
export interface Uploads {
  chunks: ChunkStore
  releases: ReleaseStore
  assembler: Assembler
  /** Of bytes in memory. */
  budget: Budget
  turns: Turns
  /** Waits for what is being assembled. */
  close(): Promise<void>
}

const budgetBytes = 256 << 20
const dayMs = 86_400_000
/** Builds of a week have most chunks in common. */
const chunkAgeMs = 7 * dayMs
const stateAgeMs = 30 * dayMs
const firstPruneMs = 60_000
const pruneEveryMs = dayMs / 24

export function createUploads(store: Store, vault: Vault, { log, retain }: ResolvedServerOptions): Uploads {
  const chunks = createChunkStore(store)
  const assembler = createAssembler()

  async function prune(): Promise<void> {
    try {
      const count = await chunks.prune(chunkAgeMs)
      await pruneBundleStates(store, stateAgeMs)
      await store.tidy?.()
      if (retain !== undefined) await vault.prune(retain)
      if (count > 0) log.info('pruned', { chunks: count })
    } catch (cause) {
      log.warn('prune', { message: reason(cause) })
    }
  }
  const timers = [setTimeout(() => void prune(), firstPruneMs), setInterval(() => void prune(), pruneEveryMs)]
  for (const timer of timers) timer.unref()

  return {
    chunks,
    assembler,
    releases: createReleaseStore(store),
    budget: createBudget(budgetBytes),
    turns: createTurns(),
    async close() {
      for (const timer of timers) clearTimeout(timer)
      await assembler.settle()
    },
  }
}
