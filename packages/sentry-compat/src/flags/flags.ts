import type { BundleSizeOptimizations } from '../options.ts'

/** The SDK's constants, and what an option makes of each. */
const constants: Record<keyof BundleSizeOptimizations, [name: string, value: boolean]> = {
  excludeDebugStatements: ['__SENTRY_DEBUG__', false],
  excludeTracing: ['__SENTRY_TRACING__', false],
  excludeChannelInjection: ['__SENTRY_CHANNEL_INJECTION__', false],
  excludeReplayCanvas: ['__RRWEB_EXCLUDE_CANVAS__', true],
  excludeReplayIframe: ['__RRWEB_EXCLUDE_IFRAME__', true],
  excludeReplayShadowDom: ['__RRWEB_EXCLUDE_SHADOW_DOM__', true],
  excludeReplayWorker: ['__SENTRY_EXCLUDE_REPLAY_WORKER__', true],
}

/** The constants that are to be replaced, with their values; the others stay, and with them what they guard. */
export function sdkFlags(options: BundleSizeOptimizations = {}): Record<string, boolean> {
  const chosen = Object.entries(constants).filter(([option]) => options[option as keyof BundleSizeOptimizations])
  return Object.fromEntries(chosen.map(([, entry]) => entry))
}

/** As `define` of Vite and esbuild takes them. */
export function definesOf(flags: Record<string, boolean>): Record<string, string> {
  return Object.fromEntries(Object.entries(flags).map(([name, value]) => [name, String(value)]))
}
