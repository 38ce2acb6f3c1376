import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { MapsealError, reason } from '@mapseal/core'
import { parseIni, parseProperties, type Settings } from './ini.ts'

/** The settings of one file, and its path for messages. */
export interface ConfigFile {
  path: string
  settings: Settings
}

/**
 * The files that sentry-cli reads, the strongest first: the one that SENTRY_PROPERTIES names, the nearest `.sentryclirc`
 * from `cwd` upward, the one in the home folder, the nearest `sentry.properties`.
 */
export function readConfigFiles(cwd: string, env: NodeJS.ProcessEnv): ConfigFile[] {
  const home = env.HOME || env.USERPROFILE || homedir()
  const named = env.SENTRY_PROPERTIES
  return [
    ...(named ? [read(resolve(cwd, named), parseProperties, true)] : []),
    nearest(cwd, ['.sentryclirc', 'sentrycli.ini'], parseIni),
    read(join(home, '.sentryclirc'), parseIni),
    ...(named ? [] : [nearest(cwd, ['sentry.properties'], parseProperties)]),
  ].filter(file => file !== undefined)
}

type Parse = (text: string) => Settings

function nearest(from: string, names: string[], parse: Parse): ConfigFile | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    for (const name of names) {
      const file = read(join(folder, name), parse)
      if (file) return file
    }
    if (dirname(folder) === folder) return undefined
  }
}

function read(path: string, parse: Parse, isRequired = false): ConfigFile | undefined {
  try {
    return { path, settings: parse(readFileSync(path, 'utf8')) }
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (!isRequired && (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR')) return undefined
    throw new MapsealError('sentry', `${path} cannot be read: ${reason(cause)}. Make it readable or remove it.`, {
      cause,
    })
  }
}
