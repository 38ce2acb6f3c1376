import { decideMaps, type MapSetting, type ResolvedOptions } from '@mapseal/core'
import type { UserConfig } from 'vite'
import { mapSettingOf } from '../output-maps.ts'

type BuildOptions = NonNullable<UserConfig['build']>

/** What to set in `build`, if anything. */
type BuildChange = { build?: Pick<BuildOptions, 'sourcemap'> }

export function decideRootMaps(
  build: BuildOptions | undefined,
  isWatch: boolean,
  options: ResolvedOptions,
): BuildChange {
  return decide(mapSettingOf(build?.sourcemap), isWatch, options)
}

/** An environment that says nothing of maps inherits what was decided for the root. */
export function decideEnvironmentMaps(
  build: BuildOptions | undefined,
  isWatch: boolean,
  options: ResolvedOptions,
): BuildChange {
  const setting = mapSettingOf(build?.sourcemap)
  return setting === 'unset' ? {} : decide(setting, isWatch, options)
}

function decide(setting: MapSetting, isWatch: boolean, options: ResolvedOptions): BuildChange {
  const { use, message, level } = decideMaps(setting, isWatch, '"build.sourcemap"', options.output)
  if (message) options.logger[level](message)
  return use === 'leave' ? {} : { build: { sourcemap: use === 'hidden' ? 'hidden' : false } }
}
