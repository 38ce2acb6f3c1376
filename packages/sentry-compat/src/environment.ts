import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseEnv } from 'node:util'
import { MapsealError, reason } from '@mapseal/core'

const fileName = '.env.sentry-build-plugin'

/**
 * The process's variables, and those of the nearest `.env.sentry-build-plugin` from `cwd` upward: never over one that is set, and
 * the process's own are left alone.
 */
export function readEnvironment(cwd: string, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const path = nearest(cwd, [fileName])
  if (!path) return env
  try {
    const merged: NodeJS.ProcessEnv = { ...env }
    for (const [name, value] of Object.entries(parseEnv(readFileSync(path, 'utf8')))) {
      if (!merged[name]?.trim()) merged[name] = value
    }
    return merged
  } catch (cause) {
    throw new MapsealError(
      'sentry-compat',
      `${path} cannot be read: ${reason(cause)}. Make it readable or remove it.`,
      {
        cause,
      },
    )
  }
}

/** Whether one of the files is there in which sentry-cli keeps its settings. */
export function hasConfigFile(cwd: string, env: NodeJS.ProcessEnv): boolean {
  if (env.SENTRY_PROPERTIES) return true
  const home = env.HOME || env.USERPROFILE || homedir()
  const names = ['.sentryclirc', 'sentrycli.ini', 'sentry.properties']
  return nearest(cwd, names) !== undefined || existsSync(join(home, '.sentryclirc'))
}

function nearest(from: string, names: string[]): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    for (const name of names) if (existsSync(join(folder, name))) return join(folder, name)
    if (dirname(folder) === folder) return undefined
  }
}
