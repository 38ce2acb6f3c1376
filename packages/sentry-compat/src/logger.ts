import { type Logger, stderrLogger } from '@mapseal/core'
import type { Options } from './options.ts'

export interface CompatLogger extends Logger {
  /** With `debug` alone. */
  debug(message: string): void
  /** That source maps were kept or lost: even with `silent`. */
  important(message: string): void
}

export function createLogger({ silent, debug, _metaOptions }: Options, base: Logger = stderrLogger): CompatLogger {
  const prefix = _metaOptions?.loggerPrefixOverride
  const named = (message: string) => (prefix === undefined ? message : message.replace(/^\[mapseal\]/, () => prefix))
  const write = (level: keyof Logger) => (message: string) => (silent ? undefined : base[level](named(message)))
  return {
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    debug: message => (debug && !silent ? base.info(named(`[mapseal] [debug] ${message}`)) : undefined),
    important: message => base.warn(named(message)),
  }
}
