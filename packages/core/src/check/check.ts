import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { listFiles, mapPattern, packPattern, scriptPattern, stylePattern } from '../build/scan.ts'
import { loadSelection } from '../build/selection.ts'
import { MapsealError } from '../errors.ts'
import { normalizeDebugId } from '../inject/debug-id.ts'
import type { ResolvedOptions } from '../options.ts'
import type { Vault } from '../types.ts'
import { type CompareMap, createMapComparison } from './deep.ts'
import { hasInlineMap, isMap } from './inline-maps.ts'
import { hasOwnCode } from './own-code.ts'
import { trailingComments } from './trailing-comments.ts'
import type { MapCheck } from './vault-maps.ts'
import { createMapCheck } from './vault-maps.ts'

/** A place where an output folder breaks an invariant. */
export interface CheckProblem {
  /** Below the folder, with forward slashes. */
  path: string
  /** Sealed: it reveals source. Identified: a script lacks its own debug ID. Exact: a map is missing or does not fit. */
  invariant: 'sealed' | 'identified' | 'exact'
  /** For people. */
  message: string
  /** In the script, where it is about one mapping: lines from 1, columns from 0. */
  line?: number
  column?: number
}

export interface CheckOptions {
  /** Where the maps are that scripts are compared with. */
  vault?: Vault | undefined
  /** Globs below the folder: files that are passed over altogether. */
  ignore?: string[] | undefined
  /** Scripts that the build leaves as they are; they need no debug ID, but may not reveal source either. */
  selection?: Pick<ResolvedOptions, 'include' | 'exclude'>
  /** Reads every mapping of each map a second time, with Mozilla's `source-map`; needs a vault. */
  isDeep?: boolean
  /** Called after each map that was read a second time; the folder has so many scripts. */
  onCompared?: (deep: DeepCheck, scripts: number) => void
}

export interface DeepCheck {
  maps: number
  mappings: number
}

export interface CheckResult {
  files: number
  scripts: number
  problems: CheckProblem[]
  /** Scripts that the build made no map of, such as a framework's manifests: listed, but not a problem. Empty without a vault. */
  withoutMap: string[]
  /** What was read a second time. */
  deep?: DeepCheck
}

/**
 * Whether an output folder is sealed and each of its scripts identified, and with a vault also whether each map is there,
 * valid and within its file. Links, `node_modules` and `.mapseal` are passed over.
 *
 * @throws MapsealError if `dir` is not a folder, there is nothing in it to check, or the second reader is not installed
 */
export async function checkFolder(dir: string, options: CheckOptions = {}): Promise<CheckResult> {
  const { vault, ignore = [], selection = { include: undefined, exclude: [] } } = options
  const isFolder = await stat(dir).then(
    entry => entry.isDirectory(),
    () => false,
  )
  if (!isFolder)
    throw new MapsealError('check', `${dir} is not a folder. Build first, or name the folder your build writes.`)

  const all = await listFiles(dir)
  if (all.length === 0)
    throw new MapsealError('check', `${dir} is empty. Build first, or name the folder your build writes.`)
  const paths = await withoutIgnored(all, ignore)
  if (paths.length === 0)
    throw new MapsealError('check', `Every file of ${dir} is ignored, so nothing was checked. Ignore fewer of them.`)
  const isSealed = await loadSelection(selection)
  const scripts = paths.filter(path => scriptPattern.test(path))
  const deep = options.isDeep ? { maps: 0, mappings: 0 } : undefined
  const compare = deep && countInto(deep, await createMapComparison(), () => options.onCompared?.(deep, scripts.length))
  const findFaults = vault && (await createMapCheck(vault, compare))
  const owners = new Map<string, Owner>()
  const problems: CheckProblem[] = []
  const withoutMap: string[] = []
  const checkMap: MapCheck = async script => {
    const found = (await findFaults?.(script)) ?? []
    if (found === 'no map') withoutMap.push(script.path)
    return found
  }
  for (const path of paths) {
    const code = await readFile(join(dir, path))
    problems.push(...checkSealed(path, code))
    if (scriptPattern.test(path) && isSealed(path))
      problems.push(...(await checkIdentified(path, code, owners, checkMap)))
  }
  return { files: paths.length, scripts: scripts.length, problems, withoutMap, ...(deep && { deep }) }
}

function countInto(deep: DeepCheck, compare: CompareMap, onCompared: () => void): CompareMap {
  return async map => {
    const comparison = await compare(map)
    deep.maps += 1
    deep.mappings += comparison.mappings
    onCompared()
    return comparison
  }
}

async function withoutIgnored(paths: string[], ignore: string[]): Promise<string[]> {
  if (ignore.length === 0) return paths
  const { createMatcher } = await import('../build/globs.ts')
  const isIgnored = createMatcher(ignore)
  return paths.filter(path => !isIgnored(path))
}

function checkSealed(path: string, bytes: Buffer): CheckProblem[] {
  const leak = (message: string): CheckProblem[] => [{ path, invariant: 'sealed', message }]
  if (mapPattern.test(path)) return leak('is a source map')
  if (packPattern.test(path)) return leak('is of a vault, and holds source maps')
  if (!scriptPattern.test(path) && isMap(bytes)) return leak('is a source map by its content')
  if (bytes.includes('data:application/json') && hasInlineMap(bytes.toString('latin1')))
    return leak('holds an inline source map')
  if (!scriptPattern.test(path) && !stylePattern.test(path)) return []
  const [url] = trailingComments(bytes.toString()).mapUrls
  return url === undefined ? [] : leak(`points to a source map: ${url.slice(0, 100)}`)
}

/** The script that has an ID. */
interface Owner {
  path: string
  sha256: string
}

async function checkIdentified(
  path: string,
  code: Buffer,
  owners: Map<string, Owner>,
  checkMap: MapCheck,
): Promise<CheckProblem[]> {
  const problem = (message: string): CheckProblem[] => [{ path, invariant: 'identified', message }]
  const { debugIds, body } = trailingComments(code.toString())
  if (debugIds.length > 1) return problem(`has ${debugIds.length} debug IDs`)
  const [written] = debugIds
  if (written === undefined) return hasOwnCode(body) ? problem('has no debug ID') : []

  const debugId = normalizeDebugId(written)
  if (debugId === undefined) return problem(`has a debug ID that is not a UUID: ${written.slice(0, 100)}`)
  const owner = owners.get(debugId)
  const sha256 = createHash('sha256').update(code).digest('hex')
  if (owner?.sha256 === sha256) return [] // A copy: what holds for the one holds for the other.
  if (owner) return problem(`has the debug ID of ${owner.path}`)
  owners.set(debugId, { path, sha256 })
  if (!hasOwnCode(body)) return []

  const isRegistered = body.includes(written) || body.includes(debugId)
  const found = await checkMap({ path, debugId, code })
  const faults = found === 'no map' ? [] : found
  return [
    ...(isRegistered ? [] : problem('does not register its debug ID at run time')),
    ...faults.map(({ message, at }): CheckProblem => ({ path, invariant: 'exact', message, ...at })),
  ]
}
