import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Options } from '@mapseal/core'
import { MapsealError, reason } from '@mapseal/core'
import { importTypeScript } from './config-typescript.ts'

const NAMES = ['mapseal.config.ts', 'mapseal.config.js', 'mapseal.config.mjs']

/**
 * Reads the options in `file`, else in the folder's own config file, else returns none.
 *
 * @throws MapsealError where the file is missing, fails, or exports no options
 */
export async function loadConfig(cwd: string, file?: string): Promise<Options> {
  const path = file === undefined ? NAMES.map(name => join(cwd, name)).find(existsSync) : resolve(cwd, file)
  if (path === undefined) return {}
  if (!existsSync(path)) throw new MapsealError('config', `${path} does not exist. Name another file with --config.`)
  const options = await importDefault(path)
  if (typeof options === 'object' && options !== null) return options
  throw new MapsealError('config', `${path} must export its options: export default { … }.`)
}

async function importDefault(path: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(path).href).then(
      (module: { default?: unknown }) => module.default,
      cause => (isUnreadTypeScript(cause, path) ? importTypeScript(path) : Promise.reject(cause)),
    )
  } catch (cause) {
    if (cause instanceof MapsealError) throw cause
    throw new MapsealError('config', `${basename(path)} failed: ${reason(cause)}`, { cause })
  }
}

/** Node before 22.18 imports no TypeScript, and later ones only such as can be stripped. */
function isUnreadTypeScript(cause: unknown, path: string): boolean {
  const { code } = cause as { code?: unknown }
  return (
    path.endsWith('.ts') && ['ERR_UNKNOWN_FILE_EXTENSION', 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX'].includes(String(code))
  )
}
