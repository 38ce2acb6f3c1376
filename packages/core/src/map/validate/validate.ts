import { reason } from '../../errors.ts'
import type { Bytes } from '../../types.ts'
import type { JsonObject } from './fields.ts'
import { checkDebugId, checkFields, checkString, checkVersion, isJsonObject, lengthOf } from './fields.ts'
import type { GeneratedPosition } from './mappings.ts'
import { checkMappings } from './mappings.ts'
import { parseMap } from './parse.ts'
import type { MapProblem, Problems } from './problems.ts'
import { collectProblems } from './problems.ts'
import { checkSections, inFile, isBefore } from './sections.ts'

export interface MapInspection {
  /** Empty for a valid map. */
  problems: MapProblem[]
  /** The last generated position that has a mapping. */
  last?: GeneratedPosition
}

/** How a source map departs from ECMA-426, strictly read; at most `limit` problems, none for a valid map. */
export function validateMap(bytes: Bytes, limit = 20): MapProblem[] {
  return inspectMap(bytes, limit).problems
}

/** `validateMap`, and how far into the generated file the mappings reach. */
export function inspectMap(bytes: Bytes, limit = 20): MapInspection {
  const problems = collectProblems(limit)
  const map = readObject(bytes, problems)
  const last = map && (map.sections === undefined ? inspectRegular(map, '', problems) : inspectIndex(map, problems))
  return { problems: problems.list, last }
}

function readObject(bytes: Bytes, problems: Problems): JsonObject | undefined {
  try {
    const map = parseMap(bytes)
    if (isJsonObject(map)) return map
    problems.add('', 'must be a JSON object')
  } catch (cause) {
    problems.add('', `is not JSON: ${reason(cause)}`)
  }
}

function inspectRegular(map: JsonObject, at: string, problems: Problems): GeneratedPosition | undefined {
  checkVersion(map, at, problems)
  checkFields(map, at, problems)
  if (typeof map.mappings !== 'string') return
  const sizes = { sources: lengthOf(map.sources), names: lengthOf(map.names) }
  return checkMappings(map.mappings, `${at}mappings`, sizes, problems)
}

function inspectIndex(map: JsonObject, problems: Problems): GeneratedPosition | undefined {
  checkVersion(map, '', problems)
  checkString(map, 'file', '', problems)
  checkDebugId(map, '', problems)

  const sections = checkSections(map, problems)
  let last: GeneratedPosition | undefined
  for (const [index, section] of sections.entries()) {
    const inSection = inspectRegular(section.map, `${section.path}.map.`, problems)
    if (!inSection) continue
    last = inFile(section.offset, inSection)
    const next = sections[index + 1]
    const isAscending = next && isBefore(section.offset, next.offset)
    if (isAscending && isBefore(next.offset, last))
      problems.add(section.path, 'has mappings beyond the start of the next one')
  }
  return last
}
