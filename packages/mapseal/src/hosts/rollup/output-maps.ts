import { decideMaps, type MapDecision, type MapSetting } from '@mapseal/core'
import type { OutputOptions, PluginContext } from 'rollup'
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
    const by = vite?.outputMapsBy(output.sourcemap, this) ?? (build.isOfTsdown() ? 'plugin' : 'user')
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
