import { generate } from '../apps/generate.ts'
import type { Lock } from '../setup/lock.ts'
import type { Store } from '../store.ts'
import { nameOf, type Row } from './rows.ts'
import { type Sample, takeSample } from './sample.ts'
import type { Variant } from './variants.ts'

/** By the variant's name. */
export type Round = Record<string, Sample>

export interface RoundsOptions {
  count: number
  isProfiled: boolean
  lock: Lock
  say: (line: string) => void
}

/**
 * Runs all variants in turn, round after round, each round starting with another one, so that other load on the machine
 * affects all of them equally. Rounds are stored as they come in; those of an interrupted run count.
 */
export async function runRounds(row: Row, variants: Variant[], store: Store, options: RoundsOptions): Promise<void> {
  const { count, isProfiled, lock, say } = options
  const app = await generate(row.size)
  const names = variants.map(({ name }) => name)
  const rounds = await store.openRounds(row, names)
  if (rounds.length >= count) return say(`${nameOf(row)}: ${rounds.length} rounds are stored; --fresh measures again`)
  while (rounds.length < count) {
    const first = rounds.length % variants.length
    const turn = [...variants.slice(first), ...variants.slice(0, first)]
    const title = `${nameOf(row)} round ${rounds.length + 1}/${count}`
    rounds.push(await lock.hold(() => runRound(row, app, turn, isProfiled, line => say(`${title} ${line}`))))
    await store.saveRounds(row, names, rounds)
  }
}

async function runRound(
  row: Row,
  app: string,
  variants: Variant[],
  isProfiled: boolean,
  say: (line: string) => void,
): Promise<Round> {
  const round: Round = {}
  // The first build after a pause costs more than the same one after another: files and code have to come into memory again.
  await takeSample(row, app, { name: 'none' }, false)
  for (const variant of variants) {
    const sample = await takeSample(row, app, variant, isProfiled)
    round[variant.name] = sample
    say(lineOf(variant.name, sample))
  }
  return round
}

function lineOf(name: string, { wallMs, cpuMs, peakBytes, output, traffic, error }: Sample): string {
  const cost = `${(cpuMs / 1000).toFixed(2)} s CPU, ${(wallMs / 1000).toFixed(2)} s, ${Math.round(peakBytes / 1e6)} MB`
  const came = `${output.scripts} scripts, ${output.scriptsWithId} with ID, ${output.maps} maps left`
  const sent = traffic ? `, ${traffic.maps} maps sent in ${traffic.requests} requests` : ''
  return `${name}: ${error ? `FAILED (${error})` : cost}; ${came}${sent}${traffic?.problems.map(text => `; ${text}`) ?? ''}`
}
