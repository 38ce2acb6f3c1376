import { contestants } from '../contestants/list.ts'
import { median } from '../figures.ts'
import type { Machine } from '../machine.ts'
import type { Sample } from '../rounds/sample.ts'
import type { RoundsFigures, Stored } from '../store.ts'
import { describeMachine } from './machine.ts'
import { format, pairsOf, ratioOf } from './ratios.ts'
import { day, megabytes, seconds, table } from './table.ts'

export const BUNDLERS: Record<string, string> = {
  vite8: 'Vite 8',
  vite7: 'Vite 7',
  webpack: 'webpack',
  rspack: 'Rspack',
  rollup: 'Rollup',
  rolldown: 'Rolldown',
  esbuild: 'esbuild',
}

const HEAD = [
  '',
  'CPU',
  '+ CPU s',
  'wall',
  'peak memory',
  'scripts with ID',
  'maps left',
  'maps sent',
  'requests',
  'MB sent',
]

/** One bundler and one size: all variants. */
export function costSection({ figures, at, machine }: Stored<RoundsFigures>, usual: Machine): string {
  const { row, variants, rounds } = figures
  const plain = rounds.flatMap(round => (round.none ? [round.none] : []))
  const [first] = plain
  if (!first) return ''
  const { scripts, scriptBytes, maps, mapBytes } = first.output
  const of = (values: number[], format: (value: number) => string) =>
    `${format(median(values))} (${format(Math.min(...values))}–${format(Math.max(...values))})`
  const where = describeMachine(machine) === describeMachine(usual) ? '' : `, on ${describeMachine(machine)}`
  return `### ${BUNDLERS[row.bundler]}, ${row.size}

${scripts} scripts of ${megabytes(scriptBytes)} MB, ${maps} maps of ${megabytes(mapBytes)} MB. ${rounds.length} rounds, ${day(at)}${where}. Without a plugin:
${of(
  plain.map(({ cpuMs }) => cpuMs),
  seconds,
)} s of CPU, ${of(
    plain.map(({ wallMs }) => wallMs),
    seconds,
  )} s, ${of(
    plain.map(({ peakBytes }) => peakBytes),
    bytes => megabytes(bytes, 0),
  )} MB.

${table(
  HEAD,
  variants.filter(name => name !== 'none' && !name.startsWith('earlier/')).map(name => rowOf(figures, name)),
)}`
}

function rowOf(figures: RoundsFigures, variant: string): string[] {
  const title = titleOf(variant)
  const pairs = pairsOf(figures, variant)
  const [pair] = pairs
  if (!pair) {
    const failed = figures.rounds.map(round => round[variant]).find(sample => sample?.error)
    return [title, `fails: ${failed?.error ?? 'not built'}`, ...Array<string>(HEAD.length - 2).fill('')]
  }
  const { output, traffic } = pair.sample
  const ratio = (measure: 'cpuMs' | 'wallMs' | 'peakBytes') => {
    const found = ratioOf(figures, variant, measure)
    return found ? format(found) : ''
  }
  return [
    `${title}${notes(pairs.map(({ sample }) => sample))}`,
    ratio('cpuMs'),
    seconds(median(pairs.map(({ sample, plain }) => sample.cpuMs - plain.cpuMs))),
    ratio('wallMs'),
    ratio('peakBytes'),
    `${output.scriptsWithId} of ${output.scripts}`,
    `${output.maps}`,
    ...(traffic ? [`${traffic.maps}`, `${traffic.requests}`, megabytes(traffic.bytes, 2)] : ['', '', '']),
  ]
}

/** What the figures do not show. */
function notes(samples: Sample[]): string {
  const left = new Set(samples.flatMap(({ leftBehind }) => leftBehind))
  const problems = new Set(samples.flatMap(({ traffic }) => traffic?.problems ?? []))
  return [
    ...(left.size > 0 ? [` (leaves running: ${[...left].join(', ')})`] : []),
    ...[...problems].map(text => ` (${text})`),
  ].join('')
}

function titleOf(variant: string): string {
  const [name, mode] = variant.split('/')
  return `${contestants.find(contestant => contestant.name === name)?.title ?? name}, ${mode}`
}
