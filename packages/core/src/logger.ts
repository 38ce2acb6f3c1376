import type { Logger } from './types.ts'

/** Lines for people go to stderr, so that stdout stays the bundler's. */
export const stderrLogger: Logger = {
  info: message => void process.stderr.write(`${message}\n`),
  warn: message => void process.stderr.write(`${message}\n`),
  error: message => void process.stderr.write(`${message}\n`),
}
