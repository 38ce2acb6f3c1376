import { type Connect, version } from '@mapseal/core'
import type { Io } from './io.ts'

/** Opens the one HTTP client; loaded only when something is sent. @param traits see `FetchOptions` */
export function connectWith({ env }: Io, traits: { isDelivery?: boolean; isFlushed?: boolean } = {}): Connect {
  return async (signal, network) => {
    const { createFetch } = await import('@mapseal/core/http')
    return createFetch({ ...network, signal, userAgent: `mapseal/${version}`, env, ...traits })
  }
}
