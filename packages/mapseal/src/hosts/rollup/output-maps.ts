import { decideMaps, type MapDecision, type MapSetting } from '@mapseal/core'
import type { NormalizedOutputOptions, OutputOptions, PluginContext } from 'rollup'
import type { RollupBuild } from './build.ts'

/**
 * Makes the `outputOptions` hook that hides source maps or switches them on. For Vite it was decided before, but for outputs with
 * a setting of their own; what is announced here is announced once.
 */
export function decideOutputMaps(
  build: RollupBuild,
): (this: PluginContext, output: OutputOptions) => OutputOptions | null {
  const { options, vite } = build
  let hasAnnounced = false

  function announce({ message, level }: MapDecision): void {
    if (!message || hasAnnounced) return
    hasAnnounced = true
    options.logger[level](message)
  }

  return function decide(output) {
    const by = vite?.outputMapsBy(output.sourcemap, this) ?? (build.hasOwnDefault() ? 'plugin' : 'user')
    if (by === 'vite' && !output.sourcemap) return null
    const setting = by === 'plugin' && !output.sourcemap ? 'unset' : mapSettingOf(output.sourcemap)
    build.noteSetting(output, setting)
    const decision = decideMaps(setting, build.isWatch(this.meta), '"output.sourcemap"', options.output)
    if (by === 'user') announce(decision)
    if (decision.use === 'leave') return null
    return { ...output, sourcemap: decision.use === 'hidden' ? 'hidden' : false }
  }
}

/** The setting has the same values in Rollup and Vite. */
export function mapSettingOf(sourcemap: boolean | 'inline' | 'hidden' | undefined): MapSetting {
  if (sourcemap === undefined) return 'unset'
  if (sourcemap === false) return 'off'
  return sourcemap === true ? 'visible' : sourcemap
}

const values = { unset: false, off: false, visible: true, inline: 'inline', hidden: 'hidden' } as const

/**
 * Puts back what the user set, for plugins whose hooks are still to come. The bundler has made its maps by then, but a plugin may start a
 * build of its own with the options that it gets, and would make source maps of scripts that we never see.
 */
export function restoreSetting(output: NormalizedOutputOptions, setting: MapSetting): void {
  if (!output.sourcemap) return
  // Rolldown has it in a getter of a class.
  Object.defineProperty(output, 'sourcemap', { value: values[setting], enumerable: true, configurable: true })
}
