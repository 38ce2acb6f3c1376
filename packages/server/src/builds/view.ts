import type { BuildIndex, Vault } from '@mapseal/core'

/** The index of a vault that other servers write to as well. */
export interface View {
  /** Reads it the first time; later, refreshes in the background what is more than a few seconds old. */
  current(): Promise<BuildIndex>
  /** Reads it again, unless that began within the last second. @returns whether it was read meanwhile */
  refresh(): Promise<boolean>
}

const refreshMs = 1000
/** After this long, the next reader starts a refresh, without waiting for it. */
const staleMs = 5000

/** @param onRead is called with the time at which the reading of an index began, in ms */
export function createView(vault: Pick<Vault, 'index'>, onRead: (startedAt: number) => void): View {
  let index: BuildIndex | undefined
  /** When the reading of this index began, in ms: what failed does not count as read. */
  let startedAt = Number.NEGATIVE_INFINITY
  let looking: Promise<BuildIndex> | undefined

  async function look(): Promise<BuildIndex> {
    const since = Date.now()
    index = await vault.index()
    startedAt = since
    onRead(since)
    return index
  }

  function lookOnce(): Promise<BuildIndex> {
    looking ??= look().finally(() => {
      looking = undefined
    })
    return looking
  }

  return {
    async current() {
      if (!index) return lookOnce()
      // If the store fails, the next call that waits for it fails.
      if (Date.now() - startedAt > staleMs) lookOnce().catch(() => {})
      return index
    },
    async refresh() {
      const underway = looking
      await underway
      if (Date.now() - startedAt < refreshMs) return underway !== undefined
      await lookOnce()
      return true
    },
  }
}
