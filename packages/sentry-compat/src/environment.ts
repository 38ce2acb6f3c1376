import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseEnv } from 'node:util'
import { MapsealError, reason } from '@mapseal/core'

const fileName = '.env.sentry-build-plugin'

/** Other names of variables, as the command of Sentry's plugins has them. */
const aliases = { SENTRY_AUTH_TOKEN: 'SENTRY_TOKEN', SENTRY_URL: 'SENTRY_HOST' }

/**
 * The process's variables, and those of the nearest `.env.sentry-build-plugin` from `cwd` upward: never over one that is set, and
 * the process's own are left alone.
 */
export function readEnvironment(cwd: string, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const merged: NodeJS.ProcessEnv = { ...env }
  const add = (name: string, value: string | undefined) => {
    if (!merged[name]?.trim() && value?.trim()) merged[name] = value
  }
  const path = nearest(cwd, [fileName])
  for (const [name, value] of path ? readVariables(path) : []) add(name, value)
  for (const [name, other] of Object.entries(aliases)) add(name, withScheme(name, merged[other]))
  return merged
}

/** A host may be given without. */
function withScheme(name: string, value = ''): string {
  return name === 'SENTRY_URL' && value.trim() && !value.includes('://') ? `https://${value.trim()}` : value
}

function readVariables(path: string): [string, string | undefined][] {
  try {
    return Object.entries(parseEnv(readFileSync(path, 'utf8')))
  } catch (cause) {
    const message = `${path} cannot be read: ${reason(cause)}. Make it readable or remove it.`
    throw new MapsealError('sentry-compat', message, { cause })
  }
}

/** The headers of `SENTRY_CUSTOM_HEADERS`: `X-Team: shop; X-Env: qa`. @throws MapsealError for what is none */
export function headersOf(env: NodeJS.ProcessEnv): Record<string, string> {
  const parts = (env.SENTRY_CUSTOM_HEADERS ?? '').split(/[;\n]/).filter(part => part.trim())
  return Object.fromEntries(
    parts.map(part => {
      const [, name, value] = /^\s*([^\s:]+)\s*:\s*(.*?)\s*$/.exec(part) ?? []
      if (name && value) return [name, value]
      throw new MapsealError('sentry-compat', 'SENTRY_CUSTOM_HEADERS takes headers such as "X-Team: shop; X-Env: qa".')
    }),
  )
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
