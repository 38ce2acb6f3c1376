/** Bytes that may be in memory at once; whoever needs more than is left waits, in order. */
export interface Budget {
  /** More than all there is counts as all there is. */
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
    async spend(asked, work) {
      const bytes = Math.min(asked, total)
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
