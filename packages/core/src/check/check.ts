import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { compressedPattern } from '../build/compress.ts'
import { mapPattern, pagePattern, scriptPattern } from '../build/scan.ts'
import { readHtmlPages } from '../build/seal/html-pages.ts'
import { readNgsw } from '../build/seal/ngsw.ts'
import { loadSelection } from '../build/selection.ts'
import { MapsealError } from '../errors.ts'
import type { ResolvedOptions } from '../options.ts'
import type { Vault } from '../types.ts'
import { type CompareMap, createMapComparison } from './deep.ts'
import { isFrameworkScript } from './framework-scripts.ts'
import { createIdentityCheck } from './identified.ts'
import { inlineScripts } from './inline-scripts.ts'
import { checkCopies, checkPins, unpacked } from './intact.ts'
import { meantLinks } from './meant-links.ts'
import { createOthersCheck } from './others.ts'
import { checkFolders, checkLink, checkLinked, checkSealed } from './sealed.ts'
import { trailingComments } from './trailing-comments.ts'
import { createMapCheck } from './vault-maps.ts'
import { walkOutput } from './walk.ts'

/** A place where an output folder breaks an invariant. */
export interface CheckProblem {
  /** Below the folder, with forward slashes. */
  path: string
  /**
   * Sealed: it reveals source. Identified: a script lacks its own debug ID. Exact: a map is missing or does not fit. Intact: a
   * digest or a compressed copy is not of the file as it is.
   */
  invariant: 'sealed' | 'identified' | 'exact' | 'intact'
  /** For people. */
  message: string
  /** In the script, where it is about one mapping: lines from 1, columns from 0. */
  line?: number
  column?: number
}

export interface CheckOptions {
  /** Where the maps are that scripts are compared with. */
  vault?: Vault | undefined
  /** Called for each build record in it that cannot be read. */
  onUnreadable?: (file: string, cause: unknown) => void
  /** Globs below the folder: files that are passed over altogether. */
  ignore?: string[] | undefined
  /**
   * Scripts that the build leaves as they are: they need no debug ID, but may not reveal source either. And whether it leaves
   * maps in the output, where they are allowed then, but no link to them; and where scripts are meant to lead.
   */
  selection?: Pick<ResolvedOptions, 'include' | 'exclude' | 'allow'> &
    Partial<Pick<ResolvedOptions, 'output' | 'link' | 'urls'>>
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
  /** Scripts that the build made no map of, such as those that another tool writes: listed, but not a problem. */
  withoutMap: string[]
  /** Symbolic links, which are not followed: listed, but not a problem. Absent where there are none. */
  links?: string[]
  /** What was read a second time. */
  deep?: DeepCheck
}

/**
 * Whether an output folder is sealed and each of its scripts identified, and with a vault also whether each map is there,
 * valid and within its file, and whether digests and compressed copies fit. Links are not followed, and of `node_modules` only
 * source maps are found.
 *
 * @throws MapsealError if `dir` is not a folder, there is nothing in it to check, or the second reader is not installed
 */
export async function checkFolder(dir: string, options: CheckOptions = {}): Promise<CheckResult> {
  const { vault, ignore = [], selection = { include: undefined, exclude: [], allow: [] } } = options
  const isFolder = await stat(dir).then(
    entry => entry.isDirectory(),
    () => false,
  )
  if (!isFolder)
    throw new MapsealError('check', `${dir} is not a folder. Build first, or name the folder your build writes.`)

  const output = await walkOutput(dir)
  if (Object.values(output).every(found => found.length === 0))
    throw new MapsealError('check', `${dir} is empty. Build first, or name the folder your build writes.`)
  const isLookedAt = await lookingAt([...ignore, ...selection.allow])
  const paths = output.files.filter(isLookedAt)
  const vaults = output.vaults.filter(isLookedAt)
  if (paths.length === 0 && vaults.length === 0)
    throw new MapsealError('check', `Every file of ${dir} is ignored, so nothing was checked. Ignore fewer of them.`)
  const isSealed = await loadSelection(selection)
  const scripts = paths.filter(path => scriptPattern.test(path))
  const deep = options.isDeep ? { maps: 0, mappings: 0 } : undefined
  const compare = deep && countInto(deep, await createMapComparison(), () => options.onCompared?.(deep, scripts.length))
  const { output: kept = 'sealed' } = selection
  const mayHoldMaps = kept !== 'sealed'
  const records = (await vault?.records(options.onUnreadable)) ?? []
  const findFaults = vault && createMapCheck(vault, records, { compare, isPartial: mayHoldMaps })
  const withoutMap: string[] = []
  const isOther = createOthersCheck(records)
  const identity = createIdentityCheck(
    async script => {
      const found = (await findFaults?.(script)) ?? []
      if (found === 'no map') withoutMap.push(script.path)
      return found
    },
    (path, code, body) => {
      if (!isFrameworkScript(path, body) && !isOther(code)) return false
      withoutMap.push(path)
      return true
    },
  )
  const isMeant = meantLinks(selection, records)
  const problems = checkFolders(vaults, output.ofPackages.filter(isLookedAt))
  const checkFile = async (path: string, bytes: Buffer) => {
    problems.push(...checkSealed(dir, path, bytes, mayHoldMaps, isMeant))
    if (scriptPattern.test(path) && isSealed(path)) problems.push(...(await identity.script(path, bytes)))
    if (!pagePattern.test(path)) return
    for (const code of inlineScripts(bytes.toString())) {
      problems.push(...checkLink(dir, path, trailingComments(code), isMeant))
      problems.push(...(await identity.inline(path, bytes, code)))
    }
  }
  const present = new Set(paths)
  for (const path of paths) {
    const original = path.replace(compressedPattern, '')
    await checkFile(path, await readFile(join(dir, path)))
    // What is there in compressed form alone is looked at as that.
    if (original !== path && !present.has(original) && !mapPattern.test(path)) {
      const bytes = await unpacked(dir, path)
      if (bytes) await checkFile(original, bytes)
    }
  }
  const { pins } = await readHtmlPages(dir, paths)
  problems.push(
    ...(await checkCopies(dir, paths)),
    ...(await checkPins(dir, [...pins, ...(await readNgsw(dir, paths))])),
  )
  const links = output.links.filter(isLookedAt)
  if (!mayHoldMaps) problems.push(...checkLinked(dir, links))
  return {
    files: paths.length,
    scripts: scripts.length,
    problems,
    withoutMap,
    ...(links.length > 0 && { links }),
    ...(deep && { deep }),
  }
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

async function lookingAt(ignore: string[]): Promise<(path: string) => boolean> {
  if (ignore.length === 0) return () => true
  const { createMatcher } = await import('../build/globs.ts')
  const isIgnored = createMatcher(ignore)
  return path => !isIgnored(path)
}
