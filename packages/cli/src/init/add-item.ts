import type { Editing } from './edit.ts'
import type { Node } from './syntax.ts'

/** Adds to a list or an object as the others are written: on a line of its own, with or without a comma behind it. */
export function addItem({ syntax, output }: Editing, list: Node, item: string): void {
  const { text } = syntax
  const items = ((list.elements ?? list.properties) as (Node | null)[]).filter(each => each !== null)
  const last = items.at(-1)
  if (!last) {
    const isObject = text[list.start] === '{'
    return void output.appendLeft(list.start + 1, isObject ? ` ${item} ` : item)
  }
  const rest = text.slice(last.end, list.end - 1)
  const lineStart = text.lastIndexOf('\n', last.start) + 1
  const isOnOwnLine =
    text.slice(list.start, last.start).includes('\n') && /^\s*$/.test(text.slice(lineStart, last.start))
  const gap = isOnOwnLine ? `\n${text.slice(lineStart, last.start)}` : ' '
  const comma = /^\s*,/.exec(rest)?.[0].length
  // Behind the comment that may follow on the same line.
  if (comma === undefined) output.appendLeft(last.end, `,${gap}${item}`)
  else {
    const at = last.end + comma + (isOnOwnLine ? (/^[^\n]*/.exec(rest.slice(comma))?.[0].length ?? 0) : 0)
    output.appendLeft(at, `${gap}${item}${isOnOwnLine ? ',' : ''}`)
  }
}
