import type { Connect } from '@mapseal/core'
import type { Io } from './io.ts'
import { version } from './version.ts'

/** Opens the one HTTP client; loaded when something is sent, and not before. */
export function connectWith({ env }: Io): Connect {
  return async signal => {
    const { createFetch } = await import('@mapseal/destinations/http')
    return createFetch({ signal, userAgent: `mapseal/${await version()}`, env })
  }
}
