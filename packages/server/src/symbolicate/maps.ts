import type { FileRecord, Vault } from '@mapseal/core'
import { reason } from '@mapseal/core'
import type { UnresolvedReason } from '@mapseal/core/symbolicate'
import { generatedPath } from '@mapseal/core/symbolicate'
import type { Budget } from '../budget.ts'
import { storeFailureOf } from '../store/failure.ts'
import { createMapFaults } from './map-faults.ts'
import type { Job, PositionReply } from './messages.ts'
import type { Pool, PoolReply } from './pool.ts'

export interface Failure {
  kind: 'unresolved'
  reason: UnresolvedReason
  message: string
}

export interface Maps {
  /** The original of each position by the file's map, in order. */
  read(file: FileRecord, positions: Job['positions']): Promise<Failure | PositionReply[]>
}

export interface MapsOptions {
  /** Source lines before and after each position. */
  around: number
  /** Maximum size of a map. */
  mapBytes: number
  /** For the maps on their way from the vault to a thread. */
  budget: Budget
}

/** A map on its way to its thread, with the positions of all requests that wait for it. */
interface Arrival {
  positions: Job['positions']
  reply: Promise<PoolReply | Failure>
}

/** Maximum positions to read when a map arrives; the threads' time limit is for all of them together. */
const MOST_POSITIONS = 20_000

export function createMaps(pool: Pool, vault: Vault, { around, mapBytes, budget }: MapsOptions): Maps {
  /** By key: a hundred stacks of one map fetch it once. */
  const arrivals = new Map<string, Arrival>()
  const faults = createMapFaults()

  function arrivalOf(map: NonNullable<FileRecord['map']>, job: Job): Arrival {
    const known = arrivals.get(job.key)
    if (known) return known
    const positions: Job['positions'] = []
    const end = () => {
      if (arrivals.get(job.key) === arrival) arrivals.delete(job.key)
    }
    const arrival: Arrival = { positions, reply: fetch(map, { ...job, positions }, end).finally(end) }
    arrivals.set(job.key, arrival)
    return arrival
  }

  /**
   * The map and the positions go to the thread as one job, so that no other map can push this one out in between. Later
   * requests go straight to the thread, which has the map by then.
   */
  function fetch(
    map: NonNullable<FileRecord['map']>,
    job: Job,
    onHandedOver: () => void,
  ): Promise<PoolReply | Failure> {
    // Its bytes, and as many again while they are unpacked and handed over.
    return budget.spend(2 * map.size, async () => {
      try {
        return await pool.run({ ...job, bytes: ownBytes(await vault.read(map)) }, onHandedOver)
      } catch (cause) {
        return storeFailureOf(cause) ? unreadable(reason(cause)) : { kind: 'unreadable', message: reason(cause) }
      }
    })
  }

  return {
    async read(file, positions) {
      const { map } = file
      if (!map) return failure('no-map', file.problem ?? 'the vault has no map of this file')
      if (map.size > mapBytes) return failure('too-large', `its map has ${map.size} bytes; the limit is ${mapBytes}`)
      const path = generatedPath(file)
      const job: Job = { key: `${map.sha256} ${path}`, path, positions, around }
      const fault = faultKey(map, path)
      const known = faults.get(fault)
      if (known) return known
      const reply = await pool.run(job)
      if (reply.kind !== 'missing') return faults.note(fault, reply, answerOf(reply))
      const arrival = arrivalOf(map, job)
      const start = arrival.positions.length
      if (start > 0 && start + positions.length > MOST_POSITIONS) return answerOf({ kind: 'busy' })
      arrival.positions.push(...positions)
      const arrived = await arrival.reply
      const answer = faults.note(fault, arrived, answerOf(arrived))
      return Array.isArray(answer) ? answer.slice(start, start + positions.length) : answer
    },
  }
}

/** The place counts too: a map that is uploaded again is another one. */
function faultKey({ pack, offset }: NonNullable<FileRecord['map']>, path: string): string {
  return `${pack} ${offset} ${path}`
}

/** The bytes are transferred with their buffer, so nothing else may be in it. */
function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)
}

function answerOf(reply: PoolReply | Failure): Failure | PositionReply[] {
  switch (reply.kind) {
    case 'positions':
      return reply.positions
    case 'unresolved':
      return reply
    case 'slow':
      return failure('too-slow', 'reading its map took too long')
    case 'busy':
    case 'missing':
      return failure('busy', 'the server is busy; try again')
    case 'unreadable':
    case 'failed':
      return unreadable(reply.message)
  }
}

export function unreadable(message: string): Failure {
  return failure('unreadable-map', `its map cannot be read: ${message}`)
}

export function failure(reason: UnresolvedReason, message: string): Failure {
  return { kind: 'unresolved', reason, message }
}
