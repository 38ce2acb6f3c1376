/** A limit on the bytes in memory at once. Work that needs more than is left waits, in order. */
export interface Budget {
  /** More bytes than the whole budget count as the whole budget. */
  spend<Result>(bytes: number, work: () => Promise<Result>): Promise<Result>
}

export function createBudget(total: number): Budget {
  const waiting: { bytes: number; start: () => void }[] = []
  let left = total

  function startWaiting(): void {
    for (let next = waiting[0]; next && next.bytes <= left; next = waiting[0]) {
      waiting.shift()
      left -= next.bytes
      next.start()
    }
  }

  return {
    async spend(needed, work) {
      const bytes = Math.min(needed, total)
      await new Promise<void>(start => {
        waiting.push({ bytes, start })
        startWaiting()
      })
      try {
        return await work()
      } finally {
        left += bytes
        startWaiting()
      }
    },
  }
}
