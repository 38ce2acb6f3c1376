import { type BuildRecord, type Connect, type Release, version, withClient } from '@mapseal/core'
import { noArtifacts } from '../destination/artifacts.ts'
import type { Plan } from '../plan.ts'

/**
 * Makes the release, and uploads the files that are found by their URL.
 *
 * @param isAddition whether the release was made before
 */
export async function deliverPlain(plan: Plan, release: Release | undefined, isAddition: boolean): Promise<void> {
  const { destination, mapseal, logger } = plan
  if (destination.isSnippetOnly) return
  const createdAt = new Date().toISOString()
  const build: BuildRecord = { id: '', version: 1, createdAt, files: [], deliveries: {}, ...(release && { release }) }
  try {
    const { message } = await withClient(connect, (fetch, signal) =>
      destination.deliver(build, noArtifacts(), { fetch, signal, logger, isAddition }),
    )
    if (release) logger.info(`[mapseal] [sentry] Release ${release.name}${message ? `: ${message}` : ' is made'}.`)
  } catch (cause) {
    if (typeof mapseal.onError !== 'function') throw cause
    mapseal.onError(cause as Error)
  }
}

const connect: Connect = async (signal, network) => {
  const { createFetch } = await import('@mapseal/core/http')
  return createFetch({ ...network, signal, userAgent: `mapseal/${version}` })
}
