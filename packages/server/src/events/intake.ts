import { randomBytes } from 'node:crypto'
import { reason, type Store } from '@mapseal/core'
import type { Log } from '../http/log.ts'
import type { Metrics } from '../http/metrics.ts'
import { HttpProblem } from '../http/problem.ts'
import { createRateLimiter, type RateLimit } from '../http/rate-limit.ts'
import type { ReleaseQuery, Symbolicator } from '../symbolicate/index.ts'
import { eventId, readEvent } from './event.ts'
import { createEventStore, type EventStore } from './event-store.ts'
import type { Fields } from './fields.ts'
import { groupOf } from './group.ts'
import { defaultRetention } from './retention.ts'
import type { StoredEvent, StoredException } from './stored-event.ts'
import { symbolicateEvent } from './symbolicate-event.ts'

/** Where events arrive and are read: one a server. */
export interface Events extends Pick<EventStore, 'groups' | 'names'> {
  /**
   * Scrubs, symbolicates, groups and stores an event.
   *
   * @param headerId the ID in the envelope's header, for an event without its own
   * @returns its ID
   * @throws HttpProblem 429
   */
  receive(event: Fields, project: string, headerId?: string): Promise<string>
  /** Counts an item that is not kept. */
  skip(type: string): void
  /** An event; frames that could not be read when it came are tried again, for their maps may have come since. */
  read(project: string, group: string, name: string): Promise<StoredEvent | undefined>
}

export interface EventsSettings {
  store: Store
  symbolicator: Symbolicator
  log: Log
  metrics: Metrics
}

/** Of one project, on one server. */
const RATE: RateLimit = { perSecond: 50, burst: 500 }

/** Of metrics; senders may make types up. */
const KNOWN_TYPES = new Set(
  'attachment check_in client_report feedback log metric profile profile_chunk replay_event replay_recording session sessions span statsd trace_metric transaction user_report'.split(
    ' ',
  ),
)

export function createEvents({ store, symbolicator, log, metrics }: EventsSettings): Events {
  const kept = createEventStore(store, defaultRetention)
  const limiter = createRateLimiter(RATE)
  const countItem = (type: string, outcome: string) =>
    metrics.count('mapseal_event_items_total', 'Items of envelopes, by what became of them.', { type, outcome })

  const symbolicated = (exceptions: StoredException[], release: ReleaseQuery | undefined) =>
    symbolicateEvent(exceptions, symbolicator, release).catch(cause => {
      log.error('symbolicating an event failed', { message: reason(cause) })
      return exceptions
    })

  return {
    groups: kept.groups,
    names: kept.names,

    async receive(payload, project, headerId) {
      const wait = limiter.take(project)
      if (wait > 0) {
        countItem('event', 'limited')
        const headers = { 'Retry-After': String(wait), 'X-Sentry-Rate-Limits': `${wait}:error:project` }
        throw new HttpProblem(429, { detail: 'Too many events' }, headers)
      }
      const { id, exceptions, ...event } = readEvent(payload)
      const read = await symbolicated(exceptions, releaseOf(event))
      const stored: StoredEvent = {
        version: 1,
        id: id ?? eventId(headerId) ?? randomBytes(16).toString('hex'),
        project,
        group: groupOf(read),
        receivedAt: new Date().toISOString(),
        ...event,
        exceptions: read,
      }
      await kept.put(stored)
      countItem('event', 'kept')
      return stored.id
    },

    skip: type => countItem(KNOWN_TYPES.has(type) ? type : 'other', 'skipped'),

    async read(project, group, name) {
      const event = await kept.read(project, group, name)
      const isWhole = event?.exceptions.every(({ frames }) => frames.every(frame => frame.problem === undefined))
      if (!event || isWhole) return event
      return { ...event, exceptions: await symbolicated(event.exceptions, releaseOf(event)) }
    },
  }
}

function releaseOf({ release, dist }: Pick<StoredEvent, 'release' | 'dist'>): ReleaseQuery | undefined {
  return release === undefined ? undefined : { name: release, ...(dist !== undefined && { dist }) }
}
