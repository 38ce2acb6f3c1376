import { styleText } from 'node:util'
import type { BundlerResult, StackResult } from './result.ts'
import type { Frame } from './symbolicate.ts'

type Style = Parameters<typeof styleText>[0]

const hasColour = process.stdout.isTTY && !process.env.NO_COLOR

export function paint(style: Style, text: string): string {
  return hasColour ? styleText(style, text) : text
}

/** A stack before and after, as lines for the terminal. */
export function stackLines({ scenario, message, frames }: StackResult): string[] {
  return [
    paint('bold', `  ${scenario.title}`),
    `    ${message}`,
    ...frames.map(frame => paint('dim', `    ${shorten(frame.raw)}`)),
    paint('cyan', '    ↓ symbolicated from the vault'),
    ...frames.flatMap(frameLines),
    '',
  ]
}

function frameLines({ raw, original }: Frame): string[] {
  if (!original) return [paint('red', `    ${shorten(raw)} (unread)`)]
  const { source, line, column, text } = original
  const name = original.function ? `${original.function} ` : ''
  return [
    `    at ${name}${paint('green', `${source}:${line}:${column + 1}`)}`,
    `       ${paint('yellow', text.trim())}`,
  ]
}

/** The port differs each time and says nothing. */
export function shorten(raw: string): string {
  return raw.trim().replace(/https?:\/\/127\.0\.0\.1:\d+/, '')
}

const HEADINGS = ['bundler', 'build', 'files', 'scripts', 'one debug ID', 'maps', 'sourceMappingURL', 'stacks read']

/** What anyone can see of the output folders. */
export function tableLines(results: BundlerResult[]): string[] {
  const rows = [HEADINGS, ...results.map(rowOf)]
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  return rows.map((row, index) => {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    )
    return paint(index === 0 ? 'dim' : 'reset', `  ${cells.join('   ')}`)
  })
}

export function rowOf({ bundler, seconds, scan, stacks }: BundlerResult): string[] {
  const read = stacks.filter(({ frames }) => frames.every(frame => frame.original))
  const identified = scan.scripts.filter(script => script.debugIds.length === 1)
  const numbers = [scan.files, scan.scripts.length, identified.length, scan.maps.length, scan.references.length]
  return [bundler, `${seconds.toFixed(1)} s`, ...numbers.map(String), `${read.length} of ${stacks.length}`]
}
