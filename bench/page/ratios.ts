import { median } from '../figures.ts'
import type { Sample } from '../rounds/sample.ts'
import type { RoundsFigures } from '../store.ts'

/** A variant's samples over the build without a plugin in the same round. */
export interface Ratio {
  median: number
  low: number
  high: number
}

export type Measure = 'cpuMs' | 'wallMs' | 'peakBytes'

/** Samples of a variant that did not fail, with those they are compared to. */
export function pairsOf({ rounds }: RoundsFigures, variant: string): { sample: Sample; plain: Sample }[] {
  return rounds.flatMap(round => {
    const [sample, plain] = [round[variant], round.none]
    return sample && plain && !sample.error ? [{ sample, plain }] : []
  })
}

/** Undefined where every build failed. */
export function ratioOf(figures: RoundsFigures, variant: string, measure: Measure): Ratio | undefined {
  const ratios = pairsOf(figures, variant).map(({ sample, plain }) => sample[measure] / plain[measure])
  if (ratios.length === 0) return undefined
  return { median: median(ratios), low: Math.min(...ratios), high: Math.max(...ratios) }
}

export const format = ({ median, low, high }: Ratio): string =>
  `${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`
