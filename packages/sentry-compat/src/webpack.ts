import { mapseal } from 'mapseal'
import type { Compiler } from 'webpack'
import { webpackAnnotate } from './annotate/webpack-annotate.ts'
import { sentryCliBinaryExists } from './cli-binary.ts'
import { definesOf } from './flags/flags.ts'
import type { Options } from './options.ts'
import { plainWebpack } from './plain/webpack.ts'
import { planOf } from './plan.ts'
import { isVersion1, type Version1Options, withoutVersion1 } from './version-1.ts'

export { sentryCliBinaryExists } from './cli-binary.ts'
export type * from './options.ts'
export type { Version1Options } from './version-1.ts'
export type SentryWebpackPluginOptions = Options

/** A plugin of webpack and of Rspack, without the types of either. */
export type CompilerPlugin = { apply(compiler: object): void }

/**
 * Sentry's webpack plugin, by its name and with its options; for Rspack too.
 *
 * @example
 * ```ts
 * export default { plugins: [sentryWebpackPlugin({ org: 'acme', project: 'shop' })] }
 * ```
 */
export function sentryWebpackPlugin(options?: SentryWebpackPluginOptions | Version1Options): CompilerPlugin {
  const plan = planOf(isVersion1(options) ? withoutVersion1(options) : options)
  if (!plan) return { apply() {} }
  const sealing = mapseal.webpack(plan.mapseal)
  return {
    apply(given) {
      const compiler = given as Compiler
      plan.place.root = compiler.context
      compiler.hooks.beforeRun.tap('mapseal:sentry', plan.announce)
      const { DefinePlugin } = compiler.webpack
      if (Object.keys(plan.flags).length > 0) new DefinePlugin(definesOf(plan.flags)).apply(compiler)
      webpackAnnotate(compiler, plan.annotation)
      if (plan.isPlain) plainWebpack(compiler, plan)
      else sealing.apply(compiler)
    },
  }
}

/** The plugin's name in its version 1, where it was a class. */
export const SentryWebpackPlugin: new (options?: Version1Options | Options) => CompilerPlugin =
  sentryWebpackPlugin as never

type Entry = typeof sentryWebpackPlugin &
  typeof SentryWebpackPlugin & {
    sentryWebpackPlugin: typeof sentryWebpackPlugin
    SentryWebpackPlugin: typeof SentryWebpackPlugin
    sentryCliBinaryExists: typeof sentryCliBinaryExists
  }

/** A guide's `new SentryWebpackPlugin()` of what it required works as well as a call. */
const plugin: Entry = Object.assign(sentryWebpackPlugin, {
  sentryWebpackPlugin,
  SentryWebpackPlugin,
  sentryCliBinaryExists,
}) as Entry

export default plugin
export { plugin as 'module.exports' }
