import type { Logger } from '@mapseal/core'
import type { Io } from './io.ts'

/** Logs to stderr, so that stdout holds only the result. */
export function loggerTo({ stderr }: Io): Logger {
  const write = (message: string) => void stderr.write(`${message}\n`)
  return { info: write, warn: write, error: write }
}
