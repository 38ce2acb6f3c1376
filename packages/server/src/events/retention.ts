/** How many events are kept, and for how long. */
export interface Retention {
  /** Of one fault. */
  perGroup: number
  perProject: number
  days: number
}

/** Where an event lies, and when it came. */
export interface EventKey {
  key: string
  group: string
  /** `20261121T101500123Z` */
  time: string
}

const DAY = 24 * 60 * 60 * 1000

/** Which of a project's events are over the limits: of a group the oldest, then of all the oldest. */
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

/** Of an instant, as keys have it: sorts by time. */
export function timeName(time: Date): string {
  return time.toISOString().replace(/[-:.]/g, '')
}

/** ISO 8601 of {@link timeName}. */
export function timeOfName(name: string): string {
  return name.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\d)(\d{3}Z)$/, '$1-$2-$3:$4:$5.$6')
}
