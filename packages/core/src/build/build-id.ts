import { randomBytes } from 'node:crypto'

/**
 * Makes the ID of a new build, `<UTC time>-<random>`. IDs sort by age, so this one sorts after `newest`, the newest ID in the
 * vault, even if the clock went back since.
 */
export function newBuildId(newest: string | undefined): string {
  const time = Math.max(Date.now(), newest === undefined ? 0 : timeOf(newest) + 1)
  return `${new Date(time).toISOString().replace(/[-:.]/g, '')}-${randomBytes(4).toString('hex')}`
}

/** In ms; 0 if the ID does not begin with a time. */
function timeOf(id: string): number {
  const iso = id.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\d)(\d{3}Z).*$/s, '$1-$2-$3:$4:$5.$6')
  return Date.parse(iso) || 0
}
