import { mapLimit, type Store } from '@mapseal/core'
import { type EventKey, expired, type Retention, timeName, timeOfName } from './retention.ts'
import type { StoredEvent } from './stored-event.ts'

/** The events of one fault. */
export interface EventGroup {
  project: string
  group: string
  /** How many are kept. */
  count: number
  /** ISO 8601, UTC. */
  firstAt: string
  lastAt: string
  /** The latest event's. */
  name: string
  latest: StoredEvent
}

/** Events under `events/<project>/<group>/<time>-<id>.json`; each is written once. */
export interface EventStore {
  put(event: StoredEvent): Promise<void>
  /** Those with the newest events first. */
  groups(project: string, most: number): Promise<EventGroup[]>
  /** The events of a group, newest first. */
  names(project: string, group: string): Promise<EventName[]>
  read(project: string, group: string, name: string): Promise<StoredEvent | undefined>
  /** Whether an event of the group was stored. */
  hasGroup(project: string, group: string): Promise<boolean>
  /** Deletes what is over the limits, in all projects: also in those that no longer get events. */
  prune(): Promise<void>
}

export interface EventName {
  /** `<time>-<id>` */
  name: string
  /** ISO 8601, UTC. */
  at: string
}

/** In ms; after this long at most, events that another server wrote are seen. */
const LISTING_AGE = 1000
/** In ms, for each project. */
const PRUNE_EVERY = 10_000
/** Maximum size of the cached events, as stored. */
const CACHED_BYTES = 32 << 20
const PARALLEL = 8
/** Maximum number of groups that this server knows without asking the store. */
const KNOWN_GROUPS = 10_000

const KEY = /^events\/(?<project>[^/]+)\/(?<group>[\da-f]{16})\/(?<time>\d{8}T\d{9}Z)-[\da-f]{32}\.json$/

export function createEventStore(store: Store, retention: Retention, now = (): Date => new Date()): EventStore {
  const listings = new Map<string, { at: number; keys: Promise<EventKey[]> }>()
  const pruned = new Map<string, number>()
  const cache = new Map<string, { event: StoredEvent; size: number }>()
  const known = new Set<string>()
  let cached = 0

  async function list(project: string): Promise<EventKey[]> {
    const keys: EventKey[] = []
    for await (const { key } of store.list(`events/${project}/`)) {
      const { group, time } = KEY.exec(key)?.groups ?? {}
      if (group && time) keys.push({ key, group, time })
    }
    return keys
  }

  /** The keys to show: what is over the limits counts as deleted, even before any server deletes it. */
  async function current(project: string): Promise<EventKey[]> {
    const listed = listings.get(project)
    const isFresh = listed && Date.now() - listed.at < LISTING_AGE
    const keys = isFresh ? listed.keys : list(project)
    if (!isFresh) {
      listings.set(project, { at: Date.now(), keys })
      keys.catch(() => listings.delete(project))
    }
    const over = new Set(expired(await keys, retention, now()))
    return (await keys).filter(key => !over.has(key))
  }

  async function drop(keys: EventKey[]): Promise<void> {
    await mapLimit(expired(keys, retention, now()), PARALLEL, ({ key }) => store.delete(key))
  }

  async function pruneAtTimes(project: string): Promise<void> {
    if (Date.now() - (pruned.get(project) ?? 0) < PRUNE_EVERY) return
    pruned.set(project, Date.now())
    await drop(await list(project))
  }

  async function readKey(key: string): Promise<StoredEvent | undefined> {
    const held = cache.get(key)
    if (held) return held.event
    const bytes = await store.get(key)
    const event = bytes && parseEvent(bytes)
    if (!event) return undefined
    keep(key, event, bytes.length)
    return event
  }

  function keep(key: string, event: StoredEvent, size: number): void {
    if (cache.has(key)) return
    cache.set(key, { event, size })
    cached += size
    for (const [oldest, { size }] of cache) {
      if (cached <= CACHED_BYTES) return
      cache.delete(oldest)
      cached -= size
    }
  }

  function learn(prefix: string): void {
    known.delete(prefix)
    known.add(prefix)
    const [oldest] = known
    if (known.size > KNOWN_GROUPS && oldest !== undefined) known.delete(oldest)
  }

  return {
    async put(event) {
      const name = `${timeName(new Date(event.receivedAt))}-${event.id}`
      await store.put(keyOf(event.project, event.group, name), Buffer.from(`${JSON.stringify(event)}\n`))
      learn(folderOf(event.project, event.group))
      listings.delete(event.project)
      await pruneAtTimes(event.project)
    },

    async groups(project, most) {
      const groups = byGroup(await current(project)).map(byTime)
      const newest = groups.sort((one, other) => (lastOf(one).time < lastOf(other).time ? 1 : -1)).slice(0, most)
      const summaries = await mapLimit(newest, PARALLEL, async keys => {
        const latest = await readKey(lastOf(keys).key)
        return latest ? [summaryOf(keys, latest)] : []
      })
      return summaries.flat()
    },

    async names(project, group) {
      const keys = byTime((await current(project)).filter(key => key.group === group)).reverse()
      return keys.map(({ key, time }) => ({ name: nameOf(key), at: timeOfName(time) }))
    },

    read: (project, group, name) => readKey(keyOf(project, group, name)),

    async hasGroup(project, group) {
      const folder = folderOf(project, group)
      if (known.has(folder)) return true
      for await (const _ of store.list(folder)) {
        learn(folder)
        return true
      }
      return false
    },

    async prune() {
      const projects = new Set<string>()
      for await (const { key } of store.list('events/')) {
        const { project } = KEY.exec(key)?.groups ?? {}
        if (project !== undefined) projects.add(project)
      }
      for (const project of projects) await drop(await list(project))
    },
  }
}

function keyOf(project: string, group: string, name: string): string {
  return `${folderOf(project, group)}${name}.json`
}

function folderOf(project: string, group: string): string {
  return `events/${project}/${group}/`
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1, -'.json'.length)
}

function byGroup(keys: EventKey[]): EventKey[][] {
  const groups = new Map<string, EventKey[]>()
  for (const key of keys) {
    const members = groups.get(key.group)
    if (members) members.push(key)
    else groups.set(key.group, [key])
  }
  return [...groups.values()]
}

function byTime(keys: EventKey[]): EventKey[] {
  return [...keys].sort((one, other) => (one.time < other.time ? -1 : 1))
}

function lastOf(keys: EventKey[]): EventKey {
  return keys[keys.length - 1] as EventKey
}

function summaryOf(keys: EventKey[], latest: StoredEvent): EventGroup {
  const { project, group } = latest
  const firstAt = timeOfName(keys[0]?.time ?? '')
  const { key, time } = lastOf(keys)
  return { project, group, count: keys.length, firstAt, lastAt: timeOfName(time), name: nameOf(key), latest }
}

/** Undefined for what an older or newer version wrote, or half a disk kept. */
function parseEvent(bytes: Buffer): StoredEvent | undefined {
  try {
    const event = JSON.parse(bytes.toString('utf8')) as Partial<StoredEvent> | null
    return event?.version === 1 && Array.isArray(event.exceptions) ? (event as StoredEvent) : undefined
  } catch {
    return undefined
  }
}
