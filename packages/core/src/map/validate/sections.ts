import type { JsonObject } from './fields.ts'
import { isJsonObject } from './fields.ts'
import type { GeneratedPosition } from './mappings.ts'
import type { Problems } from './problems.ts'

/** A section's place in the generated file: lines from 1, columns from 0. */
export interface Section {
  offset: GeneratedPosition
  map: JsonObject
  path: string
}

/** The sections that can be read further, in the order given; their offsets must ascend. */
export function checkSections(map: JsonObject, problems: Problems): Section[] {
  if (map.mappings !== undefined) problems.add('mappings', 'has no place beside sections')
  if (!Array.isArray(map.sections)) {
    problems.add('sections', 'must be a list')
    return []
  }
  const sections = map.sections.flatMap((value, index) => readSection(value, `sections[${index}]`, problems) ?? [])
  for (const [index, section] of sections.entries()) {
    const previous = sections[index - 1]
    if (previous && !isBefore(previous.offset, section.offset)) {
      problems.add(`${section.path}.offset`, 'must lie after the previous one')
    }
  }
  return sections
}

export function isBefore(first: GeneratedPosition, second: GeneratedPosition): boolean {
  return first.line < second.line || (first.line === second.line && first.column < second.column)
}

/** Where a position inside a section lies in the generated file. */
export function inFile(offset: GeneratedPosition, position: GeneratedPosition): GeneratedPosition {
  return {
    line: offset.line + position.line - 1,
    column: position.line === 1 ? offset.column + position.column : position.column,
  }
}

function readSection(value: unknown, path: string, problems: Problems): Section | undefined {
  if (!isJsonObject(value)) return void problems.add(path, 'must be an object')
  const { offset, map } = value
  if (!isJsonObject(map)) return void problems.add(`${path}.map`, 'must be a source map')
  if (map.sections !== undefined) return void problems.add(`${path}.map.sections`, 'sections cannot be nested')
  if (!isJsonObject(offset)) return void problems.add(`${path}.offset`, 'must be an object')
  const { line, column } = offset
  if (!isNatural(line)) return void problems.add(`${path}.offset.line`, 'must be an integer of 0 or more')
  if (!isNatural(column)) return void problems.add(`${path}.offset.column`, 'must be an integer of 0 or more')
  return { offset: { line: line + 1, column }, map, path }
}

function isNatural(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0
}
