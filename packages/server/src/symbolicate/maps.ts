import type { FileRecord, UnresolvedReason, Vault } from '@mapseal/core'
import { generatedPath, reason } from '@mapseal/core'
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

/** A map may be pushed out between its arrival and the question; then it is fetched again, but not for ever. */
const ATTEMPTS = 3

/** @param around source lines before and after each position @param mapBytes of the largest map that is read */
export function createMaps(pool: Pool, vault: Vault, around: number, mapBytes: number): Maps {
  /** Under way, so that a hundred frames of one map fetch it once. */
  const arrivals = new Map<string, Promise<PoolReply | Failure>>()

  async function fetch(file: FileRecord, job: Job): Promise<PoolReply | Failure> {
    try {
      // A copy, since it is handed over: the vault's may be part of another block.
      const bytes = new Uint8Array(await vault.read(file.map as NonNullable<FileRecord['map']>))
      return await pool.run({ ...job, bytes, positions: [] })
    } catch (cause) {
      return unreadable(reason(cause))
    }
  }

  function arrival(file: FileRecord, job: Job): Promise<PoolReply | Failure> {
    const known = arrivals.get(job.key)
    if (known) return known
    const fetched = fetch(file, job).finally(() => arrivals.delete(job.key))
    arrivals.set(job.key, fetched)
    return fetched
  }

  return {
    async read(file, positions) {
      if (!file.map) return failure('no-map', file.problem ?? 'the vault holds no map of this file')
      if (file.map.size > mapBytes) {
        return failure('too-large', `its map has ${file.map.size} bytes, of at most ${mapBytes}`)
      }
      const path = generatedPath(file)
      const job: Job = { key: `${file.map.sha256} ${path}`, path, positions, around }
      let reply: PoolReply | Failure = await pool.run(job)
      for (let attempt = 0; attempt < ATTEMPTS && reply.kind === 'missing'; attempt++) {
        const arrived = await arrival(file, job)
        reply = arrived.kind === 'positions' ? await pool.run(job) : arrived
      }
      return reply.kind === 'positions' ? reply.positions : failureOf(reply)
    },
  }
}

function failureOf(reply: Exclude<PoolReply, { kind: 'positions' }> | Failure): Failure {
  switch (reply.kind) {
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
