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

/**
 * The events of a project that are over the limits. A project's largest groups give way to the others, and within a group
 * those that arrived close together: a flood pushes out itself, and not what was there before.
 */
export function expired(keys: readonly EventKey[], retention: Retention, now: Date): EventKey[] {
  const earliest = timeName(new Date(now.getTime() - retention.days * DAY))
  const groups = new Map<string, EventKey[]>()
  for (const key of keys) {
    if (key.time < earliest) continue
    const members = groups.get(key.group)
    if (members) members.push(key)
    else groups.set(key.group, [key])
  }
  for (const members of groups.values()) members.sort((one, other) => (one.time < other.time ? 1 : -1))
  const kept = new Set<EventKey>()
  for (const [members, share] of shares([...groups.values()], retention)) {
    for (const key of spread(members, share)) kept.add(key)
  }
  return keys.filter(key => !kept.has(key))
}

/** How many each group keeps: as many as the largest number allows that all can have. */
function shares(groups: EventKey[][], { perGroup, perProject }: Retention): [EventKey[], number][] {
  const sizes = groups.map(members => Math.min(members.length, perGroup))
  const total = (most: number) => sizes.reduce((sum, size) => sum + Math.min(size, most), 0)
  let most = perGroup
  while (most > 0 && total(most) > perProject) most--
  let left = perProject - total(most)
  const ranked = groups.map((members, index) => ({ members, size: sizes[index] ?? 0 })).sort(bySizeThenTime)
  return ranked.map(({ members, size }) => {
    const isOver = size > most && left > 0
    if (isOver) left--
    return [members, Math.min(size, isOver ? most + 1 : most)]
  })
}

type Ranked = { members: EventKey[]; size: number }

/** Faults that came more than once before single ones, which are easily made up. */
function bySizeThenTime(one: Ranked, other: Ranked): number {
  return other.size - one.size || ((one.members[0]?.time ?? '') < (other.members[0]?.time ?? '') ? 1 : -1)
}

/** The newer half of a share is the newest events, the other half the first one and those furthest from the one before. */
function spread(newestFirst: EventKey[], share: number): EventKey[] {
  if (newestFirst.length <= share) return newestFirst
  const newest = newestFirst.slice(0, Math.ceil(share / 2))
  const older = newestFirst.slice(newest.length).reverse()
  const times = older.map(({ time }) => Date.parse(timeOfName(time)))
  const gaps = older.map((key, index) => ({
    key,
    gap: index === 0 ? Infinity : (times[index] ?? 0) - (times[index - 1] ?? 0),
  }))
  const widest = gaps.sort((one, other) => other.gap - one.gap).slice(0, share - newest.length)
  return [...newest, ...widest.map(({ key }) => key)]
}

/** An instant as it is in keys, which then sort by time. */
export function timeName(time: Date): string {
  return time.toISOString().replace(/[-:.]/g, '')
}

/** The ISO 8601 time of a {@link timeName}. */
export function timeOfName(name: string): string {
  return name.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\d)(\d{3}Z)$/, '$1-$2-$3:$4:$5.$6')
}
