import { decideMaps, isAskedFor, type MapDecision, type MapSetting } from '@mapseal/core'
import type { OutputOptions, PluginContext } from 'rollup'
import type { RollupBuild } from './build.ts'

/**
 * Makes the `outputOptions` hook that hides source maps or switches them on. Vite has decided already, by its own setting,
 * and says so itself; what is announced here is announced once.
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
    if (vite && !output.sourcemap) return null
    const setting = mapSettingOf(output.sourcemap)
    const decision = decideMaps(setting, build.isWatch(this.meta), '"output.sourcemap"', options.output)
    if (!vite) announce(decision)
    if (isAskedFor(setting)) build.noteOwnMaps(output)
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
