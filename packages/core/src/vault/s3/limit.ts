/** How long an exchange with a store may take; itself the options of a request that ends with it. */
export interface Limit {
  abortSignal: AbortSignal
  /** Rejects when the time is over. The SDK hears of the signal only after it has waited for its next try. */
  isOver: Promise<never>
  /** Gives the time that so many bytes may take, from now on. */
  allowFor(bytes: number): void
  /** Ends it sooner. */
  abort(reason: unknown): void
  end(): void
}

/** A slow connection does not mean that the store is down. */
const slowestBytesPerMs = 50

export function createLimit(ms: number): Limit {
  const controller = new AbortController()
  const abortSignal = controller.signal
  const startTimer = (more: number) => {
    const message = `no end of it in ${Math.round((ms + more) / 1000)} s`
    return setTimeout(() => controller.abort(new Error(message)), ms + more)
  }
  let timer = startTimer(0)
  const isOver = new Promise<never>((_, reject) => {
    abortSignal.addEventListener('abort', () => reject(abortSignal.reason), { once: true })
  })
  return {
    abortSignal,
    isOver,
    allowFor(bytes) {
      clearTimeout(timer)
      timer = startTimer(Math.ceil(bytes / slowestBytesPerMs))
    },
    abort: reason => controller.abort(reason),
    end: () => clearTimeout(timer),
  }
}
