import { join } from 'node:path'
import { generate } from '../apps/generate.ts'
import { earlier, ours } from '../contestants/list.ts'
import { median } from '../figures.ts'
import { SCRATCH } from '../places.ts'
import { nameOf, type Row } from './rows.ts'
import { takeSample } from './sample.ts'
import type { Variant } from './variants.ts'

const none: Variant = { name: 'none' }
const now: Variant = { name: 'now', contestant: ours, mode: 'full' }
const before: Variant = { name: 'earlier', contestant: earlier, mode: 'full' }

/** A value of each of two builds at the same time. */
type Pair = [number, number]

/**
 * Compares two revisions by builds at the same time, each bound to a core; they change cores from round to round. Machines
 * change their speed by a third within minutes, and so two builds after one another show no difference of less than that.
 * Two builds without a plugin beside one another, in each round, say how far chance goes.
 */
export async function runBeside(row: Row, rounds: number, say: (line: string) => void): Promise<string> {
  const app = await generate(row.size)
  const pairs: { plain: Pair; full: Pair }[] = []
  for (let round = 1; round <= rounds; round++) {
    const cores: Pair = round % 2 === 0 ? [1, 0] : [0, 1]
    const pair = {
      plain: await buildBoth(row, app, [none, none], cores),
      full: await buildBoth(row, app, [now, before], cores),
    }
    pairs.push(pair)
    const shown = (pair: Pair) => pair.map(seconds => seconds.toFixed(2)).join(' / ')
    say(`${nameOf(row)} round ${round}/${rounds}: now / earlier ${shown(pair.full)} s CPU, plain ${shown(pair.plain)}`)
  }
  const plain = median(pairs.flatMap(pair => pair.plain))
  const difference = (of: 'plain' | 'full') => spread(pairs.map(pair => (pair[of][0] - pair[of][1]) / plain))
  return `${nameOf(row)}: now - earlier ${difference('full')} of plain; two plain builds ${difference('plain')} (${rounds} rounds)`
}

/** What each costs, in seconds. */
function buildBoth(row: Row, app: string, variants: [Variant, Variant], cores: Pair): Promise<Pair> {
  const build = async (which: 0 | 1) => {
    const core = cores[which]
    const place = { folder: join(SCRATCH, `${core}`), core }
    const { cpuMs, error } = await takeSample(row, app, variants[which], false, place)
    if (error) throw new Error(`${variants[which].name}: ${error}`)
    return cpuMs / 1000
  }
  return Promise.all([build(0), build(1)])
}

/** The mean with its standard error, and the median. */
function spread(values: number[]): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1)
  const error = Math.sqrt(variance / values.length)
  return `${mean.toFixed(3)} ± ${error.toFixed(3)}, median ${median(values).toFixed(3)}`
}
