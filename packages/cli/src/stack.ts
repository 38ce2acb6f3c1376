import type { OriginalFrame, ResolvedLine, SymbolicatedLine } from '@mapseal/core/symbolicate'
import type { Paint } from './paint.ts'

/** Source lines are cut to this many columns, so that a long one does not fill the terminal. */
const WIDTH = 120
const LEFT_OF_CARET = 60

/**
 * A line of a symbolicated stack as people read it; frames of libraries are dimmed, without source.
 *
 * @param nameOf what the source of a line is called
 */
export function formatLine(
  line: SymbolicatedLine,
  paint: Paint,
  nameOf: (line: ResolvedLine) => string = ({ original }) => original.source,
): string {
  switch (line.kind) {
    case 'text':
      return line.raw
    case 'native':
      return paint('dim', line.raw)
    case 'unresolved':
      return `${line.raw} ${paint('dim', `(${line.message})`)}`
    case 'original': {
      const head = `${indentOf(line.raw)}at ${line.frame.isAsync ? 'async ' : ''}`
      const end = / \{$|,$/.exec(line.raw)?.[0] ?? ''
      const shown = { ...line.original, source: nameOf(line) }
      if (isLibrary(line.original)) return paint('dim', `${head}${place(shown, text => text)}${end}`)
      const name = place(shown, text => paint('cyan', text))
      return [`${head}${name}${end}`, ...sourceLines(line.original, indentOf(line.raw), paint)].join('\n')
    }
  }
}

function isLibrary({ isIgnored, source }: OriginalFrame): boolean {
  return isIgnored || /(?:^|\/)node_modules\//.test(source)
}

/** Stacks of Firefox and Safari are not indented. */
function indentOf(raw: string): string {
  return /^\s+/.exec(raw)?.[0] ?? '    '
}

function place({ function: name, source, line, column }: OriginalFrame, paint: (text: string) => string): string {
  const position = paint(`${source}:${line}:${column + 1}`)
  return name ? `${name} (${position})` : position
}

function sourceLines({ context, line, column }: OriginalFrame, indent: string, paint: Paint): string[] {
  if (!context) return []
  const width = String(context.firstLine + context.lines.length - 1).length
  const start = column > WIDTH - 20 ? column - LEFT_OF_CARET : 0
  return context.lines.flatMap((text, index) => {
    const number = context.firstLine + index
    const isHere = number === line
    const gutter = `${indent}  ${isHere ? paint('red', '>') : ' '} ${paint('dim', `${String(number).padStart(width)} │`)}`
    const shown = text.slice(start, start + WIDTH)
    if (!isHere) return [shown === '' ? gutter : `${gutter} ${paint('dim', shown)}`]
    // Tabs stay tabs, so that the caret stands below its column whatever their width.
    const blanks = text.slice(start, column).replace(/[^\t]/g, ' ')
    return [
      `${gutter} ${shown}`,
      `${indent}    ${paint('dim', `${' '.repeat(width)} │`)} ${blanks}${paint('red', '^')}`,
    ]
  })
}
