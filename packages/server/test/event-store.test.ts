import { openStore, type Store } from '@mapseal/core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createEventStore } from '../src/events/event-store.ts'
import { type EventKey, expired, timeName, timeOfName } from '../src/events/retention.ts'
import type { StoredEvent } from '../src/events/stored-event.ts'
import { storeKinds } from './stores.ts'

const RETENTION = { perGroup: 3, perProject: 5, days: 30 }
const NOW = new Date('2026-11-21T10:00:00.000Z')
const [FIRST, SECOND] = ['0123456789abcdef', 'fedcba9876543210'] as const

let store: Store

let count = 0
function event(group: string, minutesAgo: number, value = ''): StoredEvent {
  const id = (++count).toString(16).padStart(32, '0')
  const receivedAt = new Date(NOW.getTime() - minutesAgo * 60_000).toISOString()
  const exceptions = [{ type: 'Error', value, frames: [] }]
  return { version: 1, id, project: 'app', group, receivedAt, platform: 'node', level: 'error', tags: {}, exceptions }
}

async function keys(): Promise<string[]> {
  const found: string[] = []
  for await (const { key } of store.list('events/app/')) found.push(key)
  return found
}

describe.each(storeKinds)('in a $name', kind => {
  beforeAll(() => kind.start())
  afterAll(() => kind.stop())
  beforeEach(async () => {
    store = openStore(await kind.location(), '/')
  })

  test('an event that one server stores is read from another', async () => {
    const [one, other] = [createEventStore(store, RETENTION, () => NOW), createEventStore(store, RETENTION, () => NOW)]
    const stored = event(FIRST, 3, 'boom')
    await one.put(stored)
    await one.put(event(SECOND, 2))
    const [name] = await other.names('app', FIRST)
    expect(name).toEqual({ name: `20261121T095700000Z-${stored.id}`, at: stored.receivedAt })
    expect(await other.read('app', FIRST, name?.name ?? '')).toEqual(stored)
    expect((await other.groups('app', 10)).map(({ group }) => group)).toEqual([SECOND, FIRST])
    expect(await other.groups('app', 1)).toHaveLength(1)
    expect(await other.groups('other', 10)).toEqual([])
  })

  test('a group has the number of its events, their first time, and the newest', async () => {
    const events = createEventStore(store, RETENTION, () => NOW)
    for (const [minutes, value] of [
      [9, 'old'],
      [1, 'new'],
      [5, 'middle'],
    ] as const)
      await events.put(event(FIRST, minutes, value))
    const [group] = await events.groups('app', 10)
    expect(group).toMatchObject({ count: 3, firstAt: '2026-11-21T09:51:00.000Z', lastAt: '2026-11-21T09:59:00.000Z' })
    expect(group?.latest.exceptions[0]?.value).toBe('new')
    expect((await events.names('app', FIRST)).map(({ at }) => at.slice(14, 16))).toEqual(['59', '55', '51'])
  })

  test('what is over the limits is not shown, and deleted', async () => {
    const writer = createEventStore(store, { ...RETENTION, perGroup: 100, perProject: 100 }, () => NOW)
    for (let minutes = 1; minutes <= 6; minutes++) await writer.put(event(FIRST, minutes))
    await writer.put(event(SECOND, 60 * 24 * 31))
    expect(await keys()).toHaveLength(7)
    const events = createEventStore(store, RETENTION, () => NOW)
    const [group] = await events.groups('app', 10)
    expect(group?.count).toBe(3)
    await events.put(event(FIRST, 0))
    expect(await keys()).toHaveLength(3)
  })

  test('a project that gets no events any more keeps none for longer than the others', async () => {
    const events = createEventStore(store, RETENTION, () => NOW)
    await events.put({ ...event(FIRST, 0), project: 'gone' })
    await events.put(event(FIRST, 0))
    const later = createEventStore(store, RETENTION, () => new Date(NOW.getTime() + 31 * 86_400_000))
    await later.put(event(SECOND, -31 * 24 * 60))
    await later.prune()
    const left: string[] = []
    for await (const { key } of store.list('events/')) left.push(key)
    expect(left).toEqual([expect.stringContaining(`events/app/${SECOND}/`)])
  })

  test('a file that is not an event is skipped', async () => {
    const events = createEventStore(store, RETENTION, () => NOW)
    await events.put(event(FIRST, 1))
    await store.put('events/app/readme.txt', Buffer.from('hello'))
    await store.put(`events/app/${SECOND}/20261121T095900000Z-${'0'.repeat(32)}.json`, Buffer.from('{"version":2}'))
    await store.put(`events/app/${SECOND}/20261121T095800000Z-${'1'.repeat(32)}.json`, Buffer.from('half a'))
    expect((await events.groups('app', 10)).map(({ group }) => group)).toEqual([FIRST])
  })
})

const key = (group: string, days: number): EventKey => ({
  key: `${group}${days}`,
  group,
  time: timeName(new Date(NOW.getTime() - days * 86_400_000)),
})

test('limits by count and by age', () => {
  const all = [key('a', 1), key('a', 2), key('a', 3), key('a', 4), key('b', 5), key('b', 31), key('b', 6), key('c', 7)]
  expect(expired(all, RETENTION, NOW).map(({ key }) => key)).toEqual(['a2', 'a3', 'b31'])
  expect(timeOfName(timeName(NOW))).toBe(NOW.toISOString())
})

test('the largest group gives way to the others', () => {
  const keys = [
    ...Array.from({ length: 50 }, (_, index) => key('junk', index / 1e4)),
    key('a', 3),
    key('b', 4),
    key('b', 5),
  ]
  const over = expired(keys, { perGroup: 100, perProject: 10, days: 30 }, NOW)
  expect(over).toHaveLength(43)
  expect(new Set(over.map(({ group }) => group))).toEqual(new Set(['junk']))
})

test('of more groups than there is room for, those that came more than once stay', () => {
  const keys = [...Array.from({ length: 50 }, (_, index) => key(`junk${index}`, index / 1e4)), key('b', 4), key('b', 5)]
  const over = new Set(expired(keys, { perGroup: 100, perProject: 10, days: 30 }, NOW).map(({ key }) => key))
  expect(keys.filter(({ key }) => !over.has(key)).map(({ group }) => group)).toContain('b')
  expect(over.size).toBe(42)
})

test('a flood pushes out itself, and not the earlier events of its group', () => {
  const earlier = [20, 15, 9, 4, 3.9, 1].map(days => key('a', days))
  const junk = Array.from({ length: 500 }, (_, index) => key('a', 0.5 + index / 1e5))
  const over = expired([...earlier, ...junk], { perGroup: 20, perProject: 100, days: 30 }, NOW)
  expect(over).toHaveLength(486)
  expect(over.filter(key => earlier.includes(key))).toEqual([])
})
