import type { RoundsFigures, Stored } from '../store.ts'
import { BUNDLERS } from './cost.ts'
import { format, ratioOf } from './ratios.ts'
import { table } from './table.ts'

/** Mapseal on the version of Node that the rest of the page is measured on, and on a newer one. */
export function nodesSection(rounds: Stored<RoundsFigures>[], newer: Stored<RoundsFigures>[]): string {
  const [first] = newer
  if (!first) return ''
  const usual = rounds[0]?.machine.node.split('.')[0]
  const lines = newer.flatMap(({ figures }) =>
    (['inject', 'vault', 'full'] as const).flatMap(mode => {
      const ratio = ratioOf(figures, `mapseal/${mode}`, 'cpuMs')
      const { bundler, size } = figures.row
      const same = rounds.find(({ figures: { row } }) => row.bundler === bundler && row.size === size)
      const before = same && ratioOf(same.figures, `mapseal/${mode}`, 'cpuMs')
      return ratio ? [[`${BUNDLERS[bundler]}, ${size}, ${mode}`, before ? format(before) : '', format(ratio)]] : []
    }),
  )
  return `## Newer Node

CPU of a build with Mapseal, as a multiple of the same build without it on the same version of Node.

${table(['', `Node ${usual}`, `Node ${first.machine.node.split('.')[0]}`], lines)}`
}
