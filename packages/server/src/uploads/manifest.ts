import { normalizeDebugId } from '@mapseal/core'
import { parseJson } from '../http/json.ts'
import { BundleFault } from './bundle-fault.ts'

export interface Manifest {
  files: ManifestFile[]
  /** The other keys: `org`, `release`, `dist`… */
  attributes: Record<string, string>
}

export interface ManifestFile {
  /** Its name in the archive. */
  entry: string
  type: 'source' | 'minified_source' | 'source_map' | 'indexed_ram_bundle'
  url: string
  debugId?: string
  /** The URL of its map, relative to its own. */
  sourceMap?: string
}

const types = ['source', 'minified_source', 'source_map', 'indexed_ram_bundle']

/** Read as strictly as symbolication would. @throws BundleFault */
export function parseManifest(text: string): Manifest {
  const manifest = readJson(text)
  if (!isObject(manifest) || !isObject(manifest.files)) throw fault('has no files')
  const attributes: Record<string, string> = {}
  for (const [name, value] of Object.entries(manifest)) {
    if (name === 'files' || name === 'source_links') continue
    if (typeof value !== 'string') throw fault(`: ${printed(name)} must be a string`)
    attributes[name] = value
  }
  return { files: Object.entries(manifest.files).map(([entry, file]) => toFile(entry, file)), attributes }
}

function readJson(text: string): unknown {
  try {
    return parseJson(text, 8)
  } catch {
    throw fault('is not JSON, or is nested too deep')
  }
}

function toFile(entry: string, file: unknown): ManifestFile {
  const at = `: ${printed(entry)}`
  if (!isObject(file)) throw fault(`${at} must be an object`)
  const { type = 'minified_source', url = '', headers = {} } = file
  if (typeof type !== 'string' || !types.includes(type)) throw fault(`${at} has an unknown type`)
  if (typeof url !== 'string' || url.length > 2048) throw fault(`${at} has no usable url`)
  if (!isObject(headers)) throw fault(`${at} has no usable headers`)
  const found: ManifestFile = { entry, type: type as ManifestFile['type'], url: url || entry }
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== 'string') throw fault(`${at} has a header that is not a string`)
    const key = name.toLowerCase()
    const debugId = key === 'debug-id' ? normalizeDebugId(value.slice(0, 36)) : undefined
    if (debugId) found.debugId = debugId
    // An inline map is in the file itself.
    const isReference = key === 'sourcemap' || key === 'x-sourcemap'
    if (isReference && value.length <= 2048 && !value.startsWith('data:')) found.sourceMap = value
  }
  return found
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function printed(name: string): string {
  return JSON.stringify(name.slice(0, 80))
}

function fault(what: string): BundleFault {
  return new BundleFault(`the bundle is invalid: its manifest ${what}`.replace('manifest : ', 'manifest: '))
}
