import { isDeepStrictEqual } from 'node:util'
import { isScript } from '../files.ts'
import { splitTail } from '../tail.ts'
import type { Build } from '../types.ts'
import { compareMappings, type RawMap } from './mappings.ts'
import { pairPaths, withoutHash } from './pairs.ts'
import { type Renames, rename, renamesOf } from './renames.ts'
import { esbuildMarker, findInsertion, type Insertion } from './snippet.ts'

export interface Comparison {
  scripts: number
  mappings: number
  /** Baseline's path, sealed build's path. */
  pairs: [string, string][]
  problems: string[]
}

export interface CompareOptions {
  /** Scripts that only the sealed build may have, such as the release's own. */
  isExtraAllowed?: (path: string) => boolean
  /** Applied to the code of both before they are compared: what else follows from a changed hash, such as digests. */
  neutralize?: (code: string) => string
}

/** Whether each generated position of a sealed build leads to the same original position as in its baseline (I3). */
export function compareBuilds(baseline: Build, sealed: Build, options: CompareOptions = {}): Comparison {
  const { pairs, missing, extra } = pairPaths(baseline, sealed, isScript)
  const surplus = extra.filter(path => !options.isExtraAllowed?.(path))
  const problems = [
    ...missing.map(path => `I3 ${path}: not in the sealed build`),
    ...surplus.map(path => `I3 ${path}: not in the baseline`),
  ]
  const all = pairPaths(baseline, sealed, () => true)
  const renames = renamesOf([...all.pairs, ...pairs])
  let mappings = 0
  for (const [before, after] of pairs) {
    const result = compareScript(pick(baseline, before), pick(sealed, after), renames, options)
    mappings += result.count
    problems.push(...result.problems.map(problem => `I3 ${after}: ${problem}`))
  }
  return { scripts: pairs.length, mappings, pairs, problems }
}

interface Script {
  code: string
  map: RawMap | undefined
}

function pick({ files, maps }: Build, path: string): Script {
  const map = maps.get(path)
  return { code: (files.get(path) as Buffer).toString(), map: map && (JSON.parse(map.toString()) as RawMap) }
}

/** Both scripts with their maps; `renames` leads from the first one's file names to the second one's. */
export function compareScript(
  baseline: Script,
  sealed: Script,
  renames: Renames = new Map(),
  { neutralize = code => code }: CompareOptions = {},
): { count: number; problems: string[] } {
  const before = neutralize(rename(splitTail(baseline.code).body, renames))
  const after = splitTail(sealed.code).body.replace(esbuildMarker, '')
  const insertion = findInsertion(before, neutralize(after))
  if (typeof insertion === 'string') return { count: 0, problems: [insertion] }
  if (!baseline.map && !sealed.map) return { count: 0, problems: [] }
  if (!baseline.map) return { count: 0, problems: ['has a map, and the baseline has none'] }
  if (!sealed.map) return { count: 0, problems: ['has no map, and the baseline has one'] }
  return compareMap(baseline.map, sealed.map, insertion, renames)
}

function compareMap(
  baseline: RawMap,
  sealed: RawMap,
  insertion: Insertion | undefined,
  renames: Renames,
): { count: number; problems: string[] } {
  const { count, problem } = compareMappings(baseline, sealed, insertion)
  const problems = problem === undefined ? [] : [problem]
  const [before, after] = [withoutMappings(baseline, renames), withoutMappings(sealed, renames)]
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (!isDeepStrictEqual(before[key], after[key])) {
      problems.push(`map's ${key} changed from ${show(before[key])} to ${show(after[key])}`)
    }
  }
  return { count, problems }
}

/** What is left must be equal: sources, their content, names, root, ignore list, and what else a tool wrote. */
function withoutMappings(map: RawMap, renames: Renames): Record<string, unknown> {
  const { mappings: _, debugId: __, debug_id: ___, scopes: ____, sections, ...rest } = map
  // webpack writes it before it knows the hash, so that not even the baseline's is the script's final name.
  if (typeof rest.file === 'string') rest.file = withoutHash(rest.file)
  if (rest.sourcesContent) rest.sourcesContent = contents(map, renames)
  const inner = sections?.map(section => ({ line: section.offset.line, map: withoutMappings(section.map, renames) }))
  return inner ? { ...rest, sections: inner } : rest
}

/** webpack's own sources among the others hold tables of hashes, provisional ones in the baseline as well. */
function contents({ sources = [], sourcesContent }: RawMap, renames: Renames): unknown[] {
  return (sourcesContent as unknown[]).map((content, index) => {
    if (typeof content !== 'string' || !sources[index]?.includes('webpack/runtime/')) return content
    return rename(content, renames).replace(/\b[0-9a-f]{16,}\b/g, '*')
  })
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 200)
}
