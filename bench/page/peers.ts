import { contestants, peers } from '../contestants/list.ts'
import type { RoundsFigures, Stored } from '../store.ts'
import { BUNDLERS } from './cost.ts'
import { pairsOf, ratioOf } from './ratios.ts'
import { table } from './table.ts'

/** What most readers came for: every plugin beside the others, a row for each build. */
export function peersSection(rounds: Stored<RoundsFigures>[]): string {
  const rows = rounds
    .map(({ figures }) => figures)
    .filter(({ variants }) => peers.some(({ name }) => variants.includes(`${name}/full`)))
  if (rows.length === 0) return ''
  const shown = contestants.filter(({ name }) => rows.some(figures => ratioOf(figures, `${name}/full`, 'cpuMs')))
  const cells = (cell: (figures: RoundsFigures, variant: string) => string) =>
    table(
      ['', ...shown.map(({ title }) => title)],
      rows.map(figures => [nameOf(figures), ...shown.map(({ name }) => cell(figures, `${name}/full`))]),
    )
  return `## Side by side

CPU of a build that delivers its maps, as a multiple of the same build without a plugin:

${cells((figures, variant) => ratioOf(figures, variant, 'cpuMs')?.median.toFixed(2) ?? '')}

Source maps that the same builds leave in the output, for anybody to read, and scripts that get no ID:

${cells(leftIn)}`
}

const nameOf = ({ row }: RoundsFigures) => `${BUNDLERS[row.bundler]}, ${row.size}`

function leftIn(figures: RoundsFigures, variant: string): string {
  const output = pairsOf(figures, variant).at(-1)?.sample.output
  if (!output) return ''
  return `${output.maps} maps, ${output.scripts - output.scriptsWithId} scripts`
}
