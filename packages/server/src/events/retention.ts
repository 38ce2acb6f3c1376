/** How many events are kept, and for how long. */
export interface Retention {
  /** Maximum number of events in a group. */
  perGroup: number
  perProject: number
  days: number
}

/** Where an event is stored, and when it arrived. */
export interface EventKey {
  key: string
  group: string
  /** `20261121T101500123Z` */
  time: string
}

const DAY = 24 * 60 * 60 * 1000

/** The events of a project that are over the limits: the oldest of each group, then the oldest of all. */
export function expired(keys: readonly EventKey[], retention: Retention, now: Date): EventKey[] {
  const earliest = timeName(new Date(now.getTime() - retention.days * DAY))
  const seen = new Map<string, number>()
  let kept = 0
  const newestFirst = [...keys].sort((one, other) => (one.time < other.time ? 1 : -1))
  return newestFirst.filter(({ group, time }) => {
    const inGroup = (seen.get(group) ?? 0) + 1
    if (time < earliest || inGroup > retention.perGroup || kept === retention.perProject) return true
    seen.set(group, inGroup)
    kept++
    return false
  })
}

/** An instant as it is in keys, which then sort by time. */
export function timeName(time: Date): string {
  return time.toISOString().replace(/[-:.]/g, '')
}

/** The ISO 8601 time of a {@link timeName}. */
export function timeOfName(name: string): string {
  return name.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\d)(\d{3}Z)$/, '$1-$2-$3:$4:$5.$6')
}
