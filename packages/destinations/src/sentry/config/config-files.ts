import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { MapsealError, reason } from '@mapseal/core'
import { parseProperties } from './properties.ts'
import type { Settings } from './settings.ts'

/** The settings of one file, and its path for messages. */
export interface ConfigFile {
  path: string
  settings: Settings
}

/**
 * Reads the files that sentry-cli reads, the strongest first: the one that SENTRY_PROPERTIES names, the nearest `.sentryclirc`
 * from `cwd` upward, the one in the home folder, the nearest `sentry.properties`.
 */
export async function readConfigFiles(cwd: string, env: NodeJS.ProcessEnv): Promise<ConfigFile[]> {
  const home = env.HOME || env.USERPROFILE || homedir()
  const named = env.SENTRY_PROPERTIES
  const files = [
    named ? await read(resolve(cwd, named), parseProperties, true) : undefined,
    await nearest(cwd, ['.sentryclirc', 'sentrycli.ini'], parseIni),
    await read(join(home, '.sentryclirc'), parseIni),
    named ? undefined : await nearest(cwd, ['sentry.properties'], parseProperties),
  ]
  return files.filter(file => file !== undefined)
}

type Parse = (text: string) => Settings | Promise<Settings>

/** Loads the parser only where there is a file for it. */
async function parseIni(text: string): Promise<Settings> {
  const { parseIni } = await import('./ini.ts')
  return parseIni(text)
}

async function nearest(from: string, names: string[], parse: Parse): Promise<ConfigFile | undefined> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    for (const name of names) {
      const file = await read(join(folder, name), parse)
      if (file) return file
    }
    if (dirname(folder) === folder) return undefined
  }
}

async function read(path: string, parse: Parse, isRequired = false): Promise<ConfigFile | undefined> {
  try {
    return { path, settings: await parse(await readFile(path, 'utf8')) }
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (!isRequired && (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR')) return undefined
    throw new MapsealError('sentry', `${path} cannot be read: ${reason(cause)}. Make it readable or remove it.`, {
      cause,
    })
  }
}
