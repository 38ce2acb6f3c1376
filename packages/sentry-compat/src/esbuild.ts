import { resolve } from 'node:path'
import type { Plugin } from 'esbuild'
import { mapseal } from 'mapseal'
import { esbuildAnnotate } from './annotate/esbuild-annotate.ts'
import { sentryCliBinaryExists } from './cli-binary.ts'
import { definesOf } from './flags/flags.ts'
import type { Options } from './options.ts'
import { plainEsbuild } from './plain/esbuild.ts'
import { planOf } from './plan.ts'

export { sentryCliBinaryExists } from './cli-binary.ts'
export type * from './options.ts'
export type SentryEsbuildPluginOptions = Options

/**
 * Sentry's esbuild plugin, by its name and with its options.
 *
 * @example
 * ```ts
 * await esbuild.build({ plugins: [sentryEsbuildPlugin({ org: 'acme', project: 'shop' })] })
 * ```
 */
export function sentryEsbuildPlugin(options?: SentryEsbuildPluginOptions): Plugin {
  const name = 'mapseal:sentry'
  const plan = planOf(options)
  if (!plan) return { name, setup() {} }
  const sealing = mapseal.esbuild(plan.mapseal)
  return {
    name,
    setup(build) {
      const { initialOptions } = build
      plan.announce()
      plan.place.root = resolve(initialOptions.absWorkingDir ?? '.')
      initialOptions.define = { ...definesOf(plan.flags), ...initialOptions.define }
      esbuildAnnotate(build, plan.annotation)
      if (plan.isPlain) return plainEsbuild(build, plan)
      sealing.setup(build)
      return undefined
    },
  }
}

const named: { sentryEsbuildPlugin: typeof sentryEsbuildPlugin; sentryCliBinaryExists: typeof sentryCliBinaryExists } =
  {
    sentryEsbuildPlugin,
    sentryCliBinaryExists,
  }
const plugin: typeof sentryEsbuildPlugin & typeof named = Object.assign(sentryEsbuildPlugin, named)

export default plugin
export { plugin as 'module.exports' }
