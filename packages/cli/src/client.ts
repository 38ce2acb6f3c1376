import type { Connect } from '@mapseal/core'
import type { Io } from './io.ts'
import { version } from './version.ts'

/** Opens the one HTTP client; loaded when something is sent, and not before. */
export function connectWith({ env }: Io, { isDelivery = true }: { isDelivery?: boolean } = {}): Connect {
  return async (signal, network) => {
    const { createFetch } = await import('@mapseal/core/http')
    return createFetch({ ...network, signal, userAgent: `mapseal/${await version()}`, env, isDelivery })
  }
}
