import type { RawResponse } from './client.ts'

export const maxTries = 5

/** Whether the same request may get another response soon. */
export function isPassing(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500
}

/** In ms: twice as long from try to try, and never for two clients the same. */
export function backoff(tries: number, base: number): number {
  return base * 2 ** (tries - 1) * (0.5 + Math.random() / 2)
}

/** A date further off than this, in ms, is a clock gone wrong. */
const farthestDate = 10 * 60_000

/**
 * How long the server asks us to wait, in ms: `Retry-After` in seconds or as a date (read by the server's own clock, where it
 * sends one), else `X-Sentry-Rate-Limits`. Undefined without any of them, or where they make no sense.
 */
export function requestedWait(
  { status, header }: Pick<RawResponse, 'status' | 'header'>,
  now: number,
): number | undefined {
  const after = header('retry-after')?.trim()
  if (after && /^\d+(?:\.\d+)?$/.test(after)) return Number(after) * 1000
  const date = after ? Date.parse(after) - (Date.parse(header('date') ?? '') || now) : Number.NaN
  if (date <= farthestDate) return Math.max(0, date)
  return status === 429 ? rateLimit(header('x-sentry-rate-limits')) : undefined
}

/** The longest of `60:error;transaction:organization, 2700::key`. */
function rateLimit(value = ''): number | undefined {
  const seconds = value.split(',').map(limit => Number.parseFloat(limit))
  const longest = Math.max(...seconds.filter(Number.isFinite))
  return Number.isFinite(longest) ? Math.max(0, longest) * 1000 : undefined
}
