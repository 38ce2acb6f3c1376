import type { Carried } from './carry-over.ts'
import { propertiesOf } from './properties.ts'
import type { Node } from './syntax.ts'

/**
 * What an option of a plugin is here, by its path in the plugin's options: an option of the destination, the `release` of
 * `mapseal()`, or a sentence's end that says why it is not needed.
 */
export type CarryTable = Record<string, { option: string } | { needless: string } | 'release'>

/** @returns undefined where the options are not written out, so that they cannot be read */
export function carryByTable(call: Node, text: string, table: CarryTable): Carried | undefined {
  const [argument, ...more] = call.arguments as Node[]
  const carried: Carried = { own: [], destination: [], given: [], notes: [] }
  if (!argument) return carried
  if (more.length > 0 || !propertiesOf(argument)) return undefined
  carryObject(argument, '', text, table, carried)
  return carried
}

function carryObject(object: Node, prefix: string, text: string, table: CarryTable, carried: Carried): void {
  for (const [key, property] of propertiesOf(object) ?? []) {
    const path = prefix + key
    const value = property.value as Node
    const source = text.slice(value.start, value.end)
    const target = table[path]
    const isParent = Object.keys(table).some(each => each.startsWith(`${path}.`)) && propertiesOf(value)
    if (target === 'release')
      carried.own.push(property.shorthand && key === 'release' ? 'release' : `release: ${source}`)
    else if (target && 'option' in target) {
      carried.destination.push(target.option === source ? source : `${target.option}: ${source}`)
      carried.given.push(target.option)
    } else if (isParent) carryObject(value, `${path}.`, text, table, carried)
    else carried.notes.push(target ? `"${path}" is not needed: ${target.needless}.` : `"${path}" is left out.`)
  }
}
