import type { FileRecord, Vault } from '@mapseal/core'
import { reason } from '@mapseal/core'
import type { UnresolvedReason } from '@mapseal/core/symbolicate'
import { generatedPath } from '@mapseal/core/symbolicate'
import type { Budget } from '../budget.ts'
import type { Job, PositionReply } from './messages.ts'
import type { Pool, PoolReply } from './pool.ts'

export interface Failure {
  kind: 'unresolved'
  reason: UnresolvedReason
  message: string
}

export interface Maps {
  /** What a file's map says of some positions, in order. */
  read(file: FileRecord, positions: Job['positions']): Promise<Failure | PositionReply[]>
}

export interface MapsOptions {
  /** Source lines before and after each position. */
  around: number
  /** Of the largest map that is read. */
  mapBytes: number
  /** Of maps between the vault and a thread. */
  budget: Budget
}

/** A map on its way to its thread, and what everyone who waits for it asks. */
interface Arrival {
  positions: Job['positions']
  reply: Promise<PoolReply | Failure>
}

/** That may be asked of a map while it arrives; the threads' time limit is for all of them. */
const MOST_POSITIONS = 20_000

export function createMaps(pool: Pool, vault: Vault, { around, mapBytes, budget }: MapsOptions): Maps {
  /** By key: a hundred stacks of one map fetch it once. */
  const arrivals = new Map<string, Arrival>()

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
   * The map and the questions go to the thread as one job, so that no other map can push this one out between the two. Whoever
   * asks later asks the thread, which has the map by then.
   */
  function fetch(
    map: NonNullable<FileRecord['map']>,
    job: Job,
    onHandedOver: () => void,
  ): Promise<PoolReply | Failure> {
    // Its bytes, and as many while they are unpacked and handed over.
    return budget.spend(2 * map.size, async () => {
      try {
        return await pool.run({ ...job, bytes: ownBytes(await vault.read(map)) }, onHandedOver)
      } catch (cause) {
        return unreadable(reason(cause))
      }
    })
  }

  return {
    async read(file, positions) {
      const { map } = file
      if (!map) return failure('no-map', file.problem ?? 'the vault holds no map of this file')
      if (map.size > mapBytes) return failure('too-large', `its map has ${map.size} bytes, of at most ${mapBytes}`)
      const path = generatedPath(file)
      const job: Job = { key: `${map.sha256} ${path}`, path, positions, around }
      const reply = await pool.run(job)
      if (reply.kind !== 'missing') return answerOf(reply)
      const arrival = arrivalOf(map, job)
      const start = arrival.positions.length
      if (start > 0 && start + positions.length > MOST_POSITIONS) return answerOf({ kind: 'busy' })
      arrival.positions.push(...positions)
      const answer = answerOf(await arrival.reply)
      return Array.isArray(answer) ? answer.slice(start, start + positions.length) : answer
    },
  }
}

/** They are handed over with the memory that they lie in, which must be theirs alone. */
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
      return failure('busy', 'the server has too much to do; ask again')
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
