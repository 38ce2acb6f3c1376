import type { BuildRecord } from '../types.ts'

/** Destinations that have not acknowledged the build. */
export function pendingDestinations({ deliveries }: BuildRecord): string[] {
  return Object.keys(deliveries).filter(name => deliveries[name]?.state !== 'delivered')
}
