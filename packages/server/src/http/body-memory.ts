import { HttpProblem } from './problem.ts'

/** Limits the bytes of bodies that all requests together hold, in memory or on disk: many small ones add up. */
export interface BodyMemory {
  /** Starts to count for one request. */
  open(): Hold
  used(): number
}

export interface Hold {
  /** @throws HttpProblem 503 if there is no room */
  add(bytes: number): void
  release(): void
}

export function createBodyMemory(total: number): BodyMemory {
  let used = 0
  return {
    used: () => used,
    open() {
      let held = 0
      return {
        add(bytes) {
          if (used + bytes > total) throw new HttpProblem(503, { detail: 'The server is busy' }, { 'Retry-After': '1' })
          used += bytes
          held += bytes
        },
        release() {
          used -= held
          held = 0
        },
      }
    },
  }
}
