import type { ResolvedOptions } from '../options.ts'

/** How a build is configured to make source maps, in terms that all bundlers share. */
export type MapSetting = 'unset' | 'off' | 'visible' | 'inline' | 'hidden'

export interface MapDecision {
  /** `'hidden'` or `'off'`: switch to that; `'leave'`: touch nothing. */
  use: 'hidden' | 'off' | 'leave'
  /** Logged once a build; absent where there is nothing to report. */
  message?: string
  level: 'info' | 'warn'
}

/** The options of a build whose bundler is configured so: with `'configured'`, maps that the setting asks for are kept. */
export function settleOutput<Given extends Pick<ResolvedOptions, 'output'>>(
  options: Given,
  setting: MapSetting,
): Given {
  if (options.output !== 'configured') return options
  return { ...options, output: isAskedFor(setting) ? 'keep' : 'sealed' }
}

export function isAskedFor(setting: MapSetting): boolean {
  return setting !== 'unset' && setting !== 'off'
}

/**
 * | setting | a build | watch mode |
 * |---|---|---|
 * | unset | hidden | left unset |
 * | off | left off, with a warning | left off |
 * | visible, inline | hidden, logged | off, logged |
 * | hidden | left | off, logged |
 *
 * In watch mode nothing is delivered, so a map could only stay in the output; it may unless that is to be sealed.
 *
 * @param name of the bundler's setting, for the message
 */
export function decideMaps(
  setting: MapSetting,
  isWatch: boolean,
  name: string,
  output: ResolvedOptions['output'],
): MapDecision {
  if (isWatch) return decideForWatch(setting, name, output)
  switch (setting) {
    case 'unset':
      return { use: 'hidden', level: 'info' }
    case 'hidden':
      return { use: 'leave', level: 'info' }
    case 'off': {
      const message = `[mapseal] [maps] ${name} switches source maps off, so no stack trace of this build can be read. Remove the setting: source maps are then made and sealed.`
      return { use: 'leave', level: 'warn', message }
    }
    case 'visible':
    case 'inline': {
      const message = `[mapseal] [maps] ${name} asks for ${setting} source maps, which would publish the source. They are made hidden and sealed.`
      return { use: 'hidden', level: 'info', message }
    }
  }
}

function decideForWatch(setting: MapSetting, name: string, output: ResolvedOptions['output']): MapDecision {
  if (output !== 'sealed' || setting === 'unset' || setting === 'off') return { use: 'leave', level: 'info' }
  const message = `[mapseal] [maps] ${name} is left out in watch mode, where nothing is delivered. To debug with source maps, set "output: 'keep'" or "enabled: false".`
  return { use: 'off', level: 'info', message }
}
