import { mapseal } from 'mapseal'
import type { Plugin } from 'rollup'
import { rollupAnnotate } from './annotate/rollup-annotate.ts'
import { sentryCliBinaryExists } from './cli-binary.ts'
import { rollupFlags } from './flags/rollup-flags.ts'
import type { Options } from './options.ts'
import { plainRollup } from './plain/rollup.ts'
import { planOf } from './plan.ts'

export { sentryCliBinaryExists } from './cli-binary.ts'
export type * from './options.ts'
export type SentryRollupPluginOptions = Options

/**
 * Sentry's Rollup plugin, by its name and with its options; for Rolldown too.
 *
 * @example
 * ```ts
 * export default { plugins: [sentryRollupPlugin({ org: 'acme', project: 'shop' })] }
 * ```
 */
export function sentryRollupPlugin(options?: SentryRollupPluginOptions): Plugin[] {
  const plan = planOf(options)
  if (!plan) return []
  return [
    { name: 'mapseal:sentry-config', buildStart: plan.announce },
    ...rollupAnnotate(plan.annotation),
    ...rollupFlags(plan.flags),
    ...((plan.isPlain ? plainRollup(plan) : mapseal.rollup(plan.mapseal)) as Plugin[]),
  ]
}

const named: { sentryRollupPlugin: typeof sentryRollupPlugin; sentryCliBinaryExists: typeof sentryCliBinaryExists } = {
  sentryRollupPlugin,
  sentryCliBinaryExists,
}
const plugin: typeof sentryRollupPlugin & typeof named = Object.assign(sentryRollupPlugin, named)

export default plugin
export { plugin as 'module.exports' }
