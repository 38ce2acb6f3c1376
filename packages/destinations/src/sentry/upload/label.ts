import { type BuildRecord, MapsealError } from '@mapseal/core'
import { checkVersion } from '../release/releases.ts'
import type { Label } from './assemble-request.ts'

/**
 * The build's release and dist, as Sentry takes them.
 * @throws MapsealError for a name that it refuses, before anything is sent
 */
export function labelOf({ release }: BuildRecord, isRequired: boolean): Label {
  if (!release) {
    if (!isRequired) return {}
    throw new MapsealError('sentry', 'This server finds source maps by release only. Set "release" or SENTRY_RELEASE.')
  }
  const { name, dist } = release
  checkVersion(name)
  if (!dist) return { release: name }
  if (dist.length > 64 || dist !== dist.trim()) {
    throw new MapsealError(
      'sentry',
      `Sentry takes no dist ${JSON.stringify(dist)}: 64 characters at most. Set "release.dist".`,
    )
  }
  return { release: name, dist }
}
