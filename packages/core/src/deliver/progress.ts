import type { Logger } from '../types.ts'
import type { DeliveryContext } from './destination.ts'

export interface Progress {
  report: NonNullable<DeliveryContext['onProgress']>
  /** Wipes the bar away; lines stay. */
  end(): void
}

export interface Screen {
  isTTY?: boolean
  write(text: string): unknown
}

const patienceMs = 1000
const lineEveryMs = 5000
const width = 24

/**
 * How far a long delivery has come: a bar on a terminal, elsewhere a line every few seconds. A delivery that is over within
 * a second shows neither.
 */
export function createProgress(
  name: string,
  logger: Logger,
  screen: Screen = process.stderr,
  now: () => number = Date.now,
): Progress {
  const start = now()
  let shown = start + patienceMs - lineEveryMs
  let hasBar = false
  return {
    report(sent, total) {
      if (now() - start < patienceMs) return
      const text = `[mapseal] [${name}] ${megabytes(sent)} of ${megabytes(total)} MB`
      if (screen.isTTY) {
        const filled = Math.round((width * sent) / Math.max(total, 1))
        screen.write(`\r${text} ${'█'.repeat(filled)}${'░'.repeat(width - filled)}\x1b[K`)
        hasBar = true
      } else if (now() - shown >= lineEveryMs) {
        shown = now()
        logger.info(text)
      }
    },
    end() {
      if (hasBar) screen.write('\r\x1b[K')
    },
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}
