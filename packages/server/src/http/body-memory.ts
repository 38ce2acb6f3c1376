import { HttpProblem } from './problem.ts'

/** Bytes of bodies that handlers hold, in memory or on disk, of all requests together: many small ones are a large one too. */
export interface BodyMemory {
  /** Of one request. */
  open(): Hold
  used(): number
}

export interface Hold {
  /** @throws HttpProblem 503 where there is no room */
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
