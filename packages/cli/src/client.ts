import { type Connect, version } from '@mapseal/core'
import type { Io } from './io.ts'

/** Opens the one HTTP client; loaded only when something is sent. */
export function connectWith({ env }: Io, { isDelivery = true }: { isDelivery?: boolean } = {}): Connect {
  return async (signal, network) => {
    const { createFetch } = await import('@mapseal/core/http')
    return createFetch({ ...network, signal, userAgent: `mapseal/${version}`, env, isDelivery })
  }
}
