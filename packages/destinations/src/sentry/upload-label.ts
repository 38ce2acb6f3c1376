import { type BuildRecord, MapsealError } from '@mapseal/core'
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
  if (
    /[/\\\n\r\t\v\f]/.test(name) ||
    name !== name.trim() ||
    ['', '.', '..', 'latest'].includes(name) ||
    name.length > 250
  ) {
    throw new MapsealError(
      'sentry',
      `Sentry takes no release named ${JSON.stringify(name)}: no slash, line break or tab, 250 characters at most. Set "release".`,
    )
  }
  if (!dist) return { release: name }
  if (dist.length > 64 || dist !== dist.trim()) {
    throw new MapsealError(
      'sentry',
      `Sentry takes no dist ${JSON.stringify(dist)}: 64 characters at most. Set "release.dist".`,
    )
  }
  return { release: name, dist }
}
