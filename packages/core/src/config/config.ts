import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { MapsealError, reason } from '../errors.ts'
import { type Options, resolveOptions } from '../options.ts'
import { importConfig, requireConfig } from './evaluate.ts'

const NAMES = ['mapseal.config.ts', 'mapseal.config.js', 'mapseal.config.mjs']

/**
 * Reads the options in `file`, else in the folder's own config file, else returns none.
 *
 * @throws MapsealError that names the file where it is missing, fails, or does not export options
 */
export async function loadConfig(cwd: string, file?: string): Promise<Options> {
  const path = file === undefined ? findConfig(cwd) : resolve(cwd, file)
  if (path === undefined) return {}
  if (!existsSync(path)) throw new MapsealError('config', `${path} does not exist. Name another file with --config.`)
  try {
    return checked(await importConfig(path), path)
  } catch (cause) {
    throw inFile(cause, path)
  }
}

/**
 * The options that a plugin was given over those in the folder's config file, as {@link loadConfig} finds it. It is read at
 * once: webpack and Rollup want a plugin at once too, and a wrong option then fails in the bundler's config.
 *
 * @throws MapsealError as `loadConfig`, and for a file with top-level `await`
 */
export function withConfig(given: Options = {}, cwd: string = process.cwd()): Options {
  // A value that is not an object is refused where options are resolved.
  if (typeof given !== 'object' || given === null || given.enabled === false) return given
  const path = findConfig(cwd)
  if (path === undefined) return given
  try {
    const isGiven = (key: string) => given[key as keyof Options] !== undefined
    const config = Object.entries(checked(requireConfig(path), path)).filter(([key]) => !isGiven(key))
    return { ...given, ...Object.fromEntries(config) }
  } catch (cause) {
    throw inFile(cause, path)
  }
}

function findConfig(cwd: string): string | undefined {
  return NAMES.map(name => join(cwd, name)).find(existsSync)
}

function checked(value: unknown, path: string): Options {
  if (typeof value !== 'object' || value === null)
    throw new MapsealError('config', `${path} must export its options: export default { … }.`)
  resolveOptions(value, {})
  return value
}

/** The error says which file it is about, once. */
function inFile(cause: unknown, path: string): MapsealError {
  const name = basename(path)
  if (cause instanceof MapsealError && cause.message.includes(name)) return cause
  const failed = cause instanceof MapsealError ? '' : ' failed'
  return new MapsealError('config', `${name}${failed}: ${reason(cause)}`, { cause })
}
