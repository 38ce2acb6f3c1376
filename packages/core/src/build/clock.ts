/** Measures the work of a build; what overlaps counts once. */
export interface Clock {
  timed<Result>(work: () => Promise<Result>): Promise<Result>
  /** In seconds. */
  seconds(): number
}

export function createClock(): Clock {
  let busyMs = 0
  let running = 0
  let since = 0
  return {
    async timed(work) {
      if (running++ === 0) since = performance.now()
      try {
        return await work()
      } finally {
        if (--running === 0) busyMs += performance.now() - since
      }
    },
    seconds: () => busyMs / 1000,
  }
}
