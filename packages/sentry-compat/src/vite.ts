import { mapseal } from 'mapseal'
import type { Plugin } from 'vite'
import { rollupAnnotate } from './annotate/rollup-annotate.ts'
import { sentryCliBinaryExists } from './cli-binary.ts'
import { definesOf } from './flags/flags.ts'
import type { Options } from './options.ts'
import { plainRollup } from './plain/rollup.ts'
import { type Plan, planOf } from './plan.ts'

export { sentryCliBinaryExists } from './cli-binary.ts'
export type * from './options.ts'
export type SentryVitePluginOptions = Options

/**
 * Sentry's Vite plugin, by its name and with its options.
 *
 * @example
 * ```ts
 * export default defineConfig({ plugins: [sentryVitePlugin({ org: 'acme', project: 'shop' })] })
 * ```
 */
export function sentryVitePlugin(options?: SentryVitePluginOptions): Plugin[] {
  const plan = planOf(options)
  if (!plan) return []
  return [
    configPlugin(plan),
    ...rollupAnnotate(plan.annotation).map(plugin => ({ ...plugin, enforce: 'pre' }) as Plugin),
    ...((plan.isPlain ? plainRollup(plan) : mapseal.vite(plan.mapseal)) as Plugin[]),
  ]
}

function configPlugin({ flags, place, announce }: Plan): Plugin {
  return {
    name: 'mapseal:sentry-config',
    config: () => (Object.keys(flags).length > 0 ? { define: definesOf(flags) } : null),
    configResolved({ root, command }) {
      place.root = root
      if (command === 'build') announce()
    },
  }
}

const named: { sentryVitePlugin: typeof sentryVitePlugin; sentryCliBinaryExists: typeof sentryCliBinaryExists } = {
  sentryVitePlugin,
  sentryCliBinaryExists,
}
const plugin: typeof sentryVitePlugin & typeof named = Object.assign(sentryVitePlugin, named)

export default plugin
export { plugin as 'module.exports' }
