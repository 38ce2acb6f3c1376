import { timeoutCodes } from './failure.ts'
import type { Timeouts } from './timeouts.ts'

/** The time that one exchange may take, all tries together. */
export interface Budget {
  /** In ms, never negative. */
  left(): number
  /** Gives back time in which the request's body moved: a slow uplink is not a dead server. */
  refund(ms: number): void
}

export function startBudget(exchange: number): Budget {
  let end = performance.now() + exchange
  return {
    left: () => Math.max(0, end - performance.now()),
    refund(ms) {
      end += ms
    },
  }
}

/** Ends a try before its time. */
export type End = (cause: Error) => void

/** Ends one try when nothing happens for too long, or when the exchange's time is up. */
export interface Watch {
  /** Is given what ends the try: it is called with an error that has one of `timeoutCodes`. */
  onStart(end: End): void
  /** A piece of the request's body is about to be sent. */
  onSent(): void
  /** The headers or a piece of the response's body came. */
  onReceived(): void
  stop(): void
}

/** @param underWay holds what ends the try, from its start until it is over */
export function watchTry(underWay: Set<End>, timeouts: Timeouts, budget: Budget): Watch {
  let end: End | undefined
  let timer: NodeJS.Timeout | undefined
  let lastSent: number | undefined
  const expect = (phase: 'headers' | 'body') => {
    clearTimeout(timer)
    const expire = () => end?.(Object.assign(new Error('timed out'), { code: timeoutCodes[phase] }))
    timer = setTimeout(expire, Math.min(timeouts[phase], budget.left()))
  }
  expect('headers')
  return {
    onStart(given) {
      end = given
      underWay.add(end)
    },
    onSent() {
      const now = performance.now()
      if (lastSent !== undefined) budget.refund(now - lastSent)
      lastSent = now
      expect('headers')
    },
    onReceived: () => expect('body'),
    stop() {
      clearTimeout(timer)
      if (end) underWay.delete(end)
    },
  }
}
