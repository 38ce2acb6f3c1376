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

/**
 * Compares two revisions by builds at the same time, each bound to a core; they change cores from round to round. Machines
 * change their speed by a third within minutes, and so two builds after one another show no difference of less than that.
 * Two builds without a plugin beside one another, in each round, say how far chance goes.
 */
export async function runBeside(row: Row, rounds: number, say: (line: string) => void): Promise<string> {
  const app = await generate(row.size)
  const pairs: { plain: [number, number]; full: [number, number] }[] = []
  for (let round = 1; round <= rounds; round++) {
    const both = async (first: Variant, second: Variant): Promise<[number, number]> => {
      const isSwapped = round % 2 === 0
      const build = async (variant: Variant, core: number) => {
        const { cpuMs, error } = await takeSample(row, app, variant, false, { folder: join(SCRATCH, `${core}`), core })
        if (error) throw new Error(`${variant.name}: ${error}`)
        return cpuMs / 1000
      }
      return Promise.all([build(first, isSwapped ? 1 : 0), build(second, isSwapped ? 0 : 1)])
    }
    const pair = { plain: await both(none, none), full: await both(now, before) }
    pairs.push(pair)
    const shown = (values: number[]) => values.map(value => value.toFixed(2)).join(' / ')
    say(`${nameOf(row)} round ${round}/${rounds}: now / earlier ${shown(pair.full)} s CPU, plain ${shown(pair.plain)}`)
  }
  const plain = median(pairs.flatMap(pair => pair.plain))
  const difference = (of: 'plain' | 'full') => spread(pairs.map(pair => (pair[of][0] - pair[of][1]) / plain))
  return `${nameOf(row)}: now - earlier ${difference('full')} of plain; two plain builds ${difference('plain')} (${rounds} rounds)`
}

/** The mean with its standard error, and the median. */
function spread(values: number[]): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1)
  const error = Math.sqrt(variance / values.length)
  return `${mean.toFixed(3)} ± ${error.toFixed(3)}, median ${median(values).toFixed(3)}`
}
