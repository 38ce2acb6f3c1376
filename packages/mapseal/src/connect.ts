import type { Connect } from '@mapseal/core'
import { version } from './version.ts'

/** Loaded only when something is delivered over HTTP. */
export const connect: Connect = async (signal, network) => {
  const { createFetch } = await import('@mapseal/core/http')
  return createFetch({ ...network, signal, userAgent: `mapseal/${version}` })
}
