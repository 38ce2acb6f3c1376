import * as Sentry from '@sentry/node'

/** Defined by the build. */
declare const SHOP_DSN: string

Sentry.init({ dsn: SHOP_DSN, environment: 'test' })

const amounts: number[] = [3, 2, 1, 0]

function take(amount: number): number {
  if (amount <= 0) throw new RangeError(`${amount} is not an amount`)
  return amount
}

try {
  amounts.map(amount => take(amount))
} catch (cause) {
  Sentry.captureException(new Error('the till is stuck', { cause }))
}
Sentry.captureException(caught(() => take(-1)))
await Sentry.close(2000)

function caught(work: () => unknown): unknown {
  try {
    return work()
  } catch (cause) {
    return cause
  }
}
