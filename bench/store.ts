import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Machine, Versions } from './machine.ts'
import { RESULTS } from './places.ts'
import { type Row, rows } from './rounds/rows.ts'
import type { Round } from './rounds/run.ts'
import type { DeliveryFigures } from './tables/delivery.ts'
import type { ImportFigures } from './tables/import.ts'
import type { InstallFigures } from './tables/install.ts'

/** What was measured, under which circumstances. */
export interface Stored<Figures> {
  /** ISO 8601, UTC. */
  at: string
  machine: Machine
  versions: Versions
  /** Hash of the packed plugin. */
  hash: string
  /** With what parameters, where there are any. */
  key: string
  figures: Figures
}

export interface RoundsFigures {
  row: Row
  variants: string[]
  rounds: Round[]
}

/** The results folder. */
export interface Store {
  /** Rounds of the same plugin with the same variants that are there already; none if fresh ones are requested. */
  openRounds(row: Row, variants: string[]): Promise<Round[]>
  saveRounds(row: Row, variants: string[], rounds: Round[]): Promise<void>
  /** Measures and stores a table, unless the same one, as its key says, is stored for the same plugin. */
  measureOnce(name: string, key: string, measure: () => Promise<unknown>): Promise<void>
}

/** The version that most of the page is measured on; figures of others are stored beside its. */
const USUAL_NODE = '20'

const suffixOf = (node: string) => (node.startsWith(`${USUAL_NODE}.`) ? '' : `-node${node.split('.')[0]}`)

export function openStore(machine: Machine, versions: Versions, hash: string, isFresh: boolean): Store {
  const suffix = suffixOf(machine.node)
  const loadOwn = <Figures>(name: string) => load<Figures>(name + suffix)

  async function save(name: string, figures: unknown, key = ''): Promise<void> {
    await mkdir(RESULTS, { recursive: true })
    const stored: Stored<unknown> = { at: new Date().toISOString(), machine, versions, hash, key, figures }
    await writeFile(join(RESULTS, `${name}${suffix}.json`), `${JSON.stringify(stored, null, 1)}\n`)
  }

  return {
    async openRounds(row, variants) {
      const stored = isFresh ? undefined : await loadOwn<RoundsFigures>(fileOf(row))
      const isSame = stored?.hash === hash && `${stored.figures.variants}` === `${variants}`
      return isSame ? stored.figures.rounds : []
    },
    saveRounds: (row, variants, rounds) => save(fileOf(row), { row, variants, rounds } satisfies RoundsFigures),
    async measureOnce(name, key, measure) {
      const stored = isFresh ? undefined : await loadOwn(name)
      if (stored?.hash !== hash || stored.key !== key) await save(name, await measure(), key)
    },
  }
}

const fileOf = ({ bundler, size }: Row) => `rounds-${bundler}-${size}`

async function load<Figures>(name: string): Promise<Stored<Figures> | undefined> {
  const text = await readFile(join(RESULTS, `${name}.json`), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : JSON.parse(text)
}

/** Everything that is in the results folder. */
export interface AllStored {
  rounds: Stored<RoundsFigures>[]
  /** The same on Node 24. */
  newer: Stored<RoundsFigures>[]
  imports?: Stored<ImportFigures[]> | undefined
  installs?: Stored<InstallFigures[]> | undefined
  deliveries?: Stored<DeliveryFigures[]> | undefined
}

export async function loadAll(): Promise<AllStored> {
  const roundsOf = async (suffix: string) =>
    (await Promise.all(rows.map(row => load<RoundsFigures>(fileOf(row) + suffix)))).filter(
      stored => stored !== undefined,
    )
  return {
    rounds: await roundsOf(''),
    newer: await roundsOf('-node24'),
    imports: await load('import'),
    installs: await load('install'),
    deliveries: await load('delivery'),
  }
}
