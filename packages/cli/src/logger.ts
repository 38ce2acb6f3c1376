import type { Logger } from '@mapseal/core'
import type { Io } from './io.ts'

/** Lines for people go to stderr, so that stdout stays the result's. */
export function loggerTo({ stderr }: Io): Logger {
  const write = (message: string) => void stderr.write(`${message}\n`)
  return { info: write, warn: write, error: write }
}
