import type { Failure } from './maps.ts'
import type { PoolReply } from './pool.ts'

/** Remembers which maps cannot be read: every event of a script would fetch and try its map again. */
export interface MapFaults {
  get(key: string): Failure | undefined
  /** @returns `answer` */
  note<Answer extends Failure | object>(key: string, reply: PoolReply | Failure, answer: Answer): Answer
}

/** In ms. A map may have been too slow for a server that was busy. */
const REMEMBERED_MS = 600_000
const MOST = 1000

export function createMapFaults(): MapFaults {
  const faults = new Map<string, { failure: Failure; at: number }>()

  return {
    get(key) {
      const known = faults.get(key)
      if (known && Date.now() - known.at < REMEMBERED_MS) return known.failure
      faults.delete(key)
      return undefined
    },
    note(key, reply, answer) {
      if (['unreadable', 'slow', 'failed'].includes(reply.kind) && 'reason' in answer) {
        faults.set(key, { failure: answer, at: Date.now() })
        const [oldest] = faults.keys()
        if (faults.size > MOST && oldest !== undefined) faults.delete(oldest)
      }
      return answer
    },
  }
}
