/** Runs work with the same key one after the other, and with different keys concurrently, in this process. */
export interface Turns {
  take<Result>(key: string, work: () => Promise<Result>): Promise<Result>
}

export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>()
  return {
    take(key, work) {
      const turn = (last.get(key) ?? Promise.resolve()).then(work, work)
      const settled = turn.then(forget, forget)
      function forget() {
        if (last.get(key) === settled) last.delete(key)
      }
      last.set(key, settled)
      return turn
    },
  }
}
