import { randomBytes } from 'node:crypto'
import { reason, type Store } from '@mapseal/core'
import type { BuildIndex } from '../builds/index.ts'
import type { Log } from '../http/log.ts'
import type { Metrics } from '../http/metrics.ts'
import type { ReleaseQuery, Symbolicator } from '../symbolicate/index.ts'
import { parseFields } from './envelope.ts'
import { eventId, readEvent } from './event.ts'
import { createEventLimits, type EventRates } from './event-limits.ts'
import { createEventStore, type EventStore } from './event-store.ts'
import { groupOf } from './group.ts'
import type { Retention } from './retention.ts'
import type { StoredEvent } from './stored-event.ts'
import { symbolicateEvent } from './symbolicate-event.ts'

/** Takes events in and reads them; one for each server. */
export interface Events extends Pick<EventStore, 'groups' | 'names' | 'prune'> {
  /**
   * Scrubs, symbolicates, groups and stores an event.
   *
   * @param json not parsed yet, so that an event over the limit costs nothing
   * @returns its ID
   * @throws HttpProblem 400, 429
   */
  receive(json: Buffer, sent: Sent): Promise<string>
  /** Counts an item that is not kept. */
  skip(type: string): void
  /** An event. Frames that could not be read on arrival are tried again: their maps may have come since. */
  read(project: string, group: string, name: string): Promise<StoredEvent | undefined>
}

/** What is known of an event without reading it. */
export interface Sent {
  project: string
  /** The sender's. It is not kept. */
  address: string
  /** The ID in the envelope's header, for an event without its own. */
  id?: string | undefined
}

export interface EventsSettings {
  store: Store
  builds: Pick<BuildIndex, 'releaseOf'>
  symbolicator: Symbolicator
  log: Log
  metrics: Metrics
  retention: Retention
  /** On this server. */
  rates: EventRates
}

/** The types that metrics name: senders may make up others. */
const KNOWN_TYPES = new Set(
  'attachment check_in client_report feedback log metric profile profile_chunk replay_event replay_recording session sessions span statsd trace_metric transaction user_report'.split(
    ' ',
  ),
)

export function createEvents({ store, builds, symbolicator, log, metrics, retention, rates }: EventsSettings): Events {
  const kept = createEventStore(store, retention)
  const countItem = (type: string, outcome: string) =>
    metrics.count('mapseal_event_items_total', 'Items of envelopes, by what became of them.', { type, outcome })
  const limits = createEventLimits(rates, () => countItem('event', 'limited'))

  /** Adds the release, and the original of each frame, as far as they are found. */
  async function enrich<Event extends Enriched>(event: Event): Promise<Event> {
    try {
      const release = releaseOf(event) ?? (await builds.releaseOf(debugIdsOf(event)))
      const exceptions = await symbolicateEvent(event.exceptions, symbolicator, release)
      return {
        ...event,
        ...(release && { release: release.name }),
        ...(release?.dist && { dist: release.dist }),
        exceptions,
      }
    } catch (cause) {
      log.error('symbolicating an event failed', { message: reason(cause) })
      return event
    }
  }

  return {
    groups: kept.groups,
    names: kept.names,
    prune: kept.prune,

    async receive(json, { project, address, id: headerId }) {
      limits.takeEvent(project, address)
      const { id, ...event } = await enrich(readEvent(parseFields(json)))
      const stored: StoredEvent = {
        version: 1,
        id: id ?? eventId(headerId) ?? randomBytes(16).toString('hex'),
        project,
        group: groupOf(event.exceptions),
        receivedAt: new Date().toISOString(),
        ...event,
      }
      if (!(await kept.hasGroup(project, stored.group))) limits.takeGroup(project, address)
      await kept.put(stored)
      countItem('event', 'kept')
      return stored.id
    },

    skip: type => countItem(KNOWN_TYPES.has(type) ? type : 'other', 'skipped'),

    async read(project, group, name) {
      const event = await kept.read(project, group, name)
      const isWhole = event?.exceptions.every(({ frames }) => frames.every(frame => frame.problem === undefined))
      return event && !isWhole ? enrich(event) : event
    },
  }
}

type Enriched = Pick<StoredEvent, 'release' | 'dist' | 'exceptions'>

/** Workers, and modules that run before the entry, do not know their release, but their debug IDs lead to it. */
function debugIdsOf({ exceptions }: Enriched): string[] {
  return exceptions.flatMap(({ frames }) => frames.flatMap(({ generated }) => generated.debugId ?? []))
}

function releaseOf({ release, dist }: Pick<StoredEvent, 'release' | 'dist'>): ReleaseQuery | undefined {
  return release === undefined ? undefined : { name: release, ...(dist !== undefined && { dist }) }
}
