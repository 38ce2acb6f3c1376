import { parseArgs } from 'node:util'
import type { Contestant } from './contestants/list.ts'
import { peers as allPeers, earlier } from './contestants/list.ts'
import { rows as allRows, nameOf, type Row } from './rounds/rows.ts'

export const HELP = `npm run bench -- [options]

  --quick            a few rows and rounds, in minutes
  --only NAMES       rows such as vite8/M, vite8, or the tables import, install, delivery; comma-separated
  --variants NAMES   such as inject,full or sentry11/full; without a plugin is always built
  --peers NAMES      such as sentry11,faro, or none; all by default
  --earlier FOLDER   tarballs of an earlier revision (npm run pack), measured in the same rounds as "earlier"
  --beside           with --earlier: both revisions at the same time, each on a core of its own; prints how they differ
  --rounds N         paired rounds of each row
  --node VERSION     run on this version of Node, which comes from the npm registry
  --fresh            measure again what is stored for this very plugin
  --cpu-prof         keep a .cpuprofile of each build in bench/results/profiles
  --lock FILE        hold this lock (flock) while something is measured
  --write            measure nothing, write docs/benchmarks.md from what is stored
  --json             print the stored figures as JSON
`

export interface BenchOptions {
  isQuick: boolean
  only: string[] | undefined
  variants: string[] | undefined
  peers: Contestant[]
  /** Folder of tarballs. */
  earlier: string | undefined
  isBeside: boolean
  rounds: number | undefined
  node: string | undefined
  isFresh: boolean
  isProfiled: boolean
  lock: string | undefined
  writesOnly: boolean
  isJson: boolean
  isHelp: boolean
}

export function readOptions(parameters: string[]): BenchOptions {
  const { values } = parseArgs({
    args: parameters,
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      variants: { type: 'string' },
      peers: { type: 'string' },
      earlier: { type: 'string' },
      beside: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      node: { type: 'string' },
      fresh: { type: 'boolean', default: false },
      'cpu-prof': { type: 'boolean', default: false },
      lock: { type: 'string' },
      write: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.beside && !values.earlier)
    throw new Error('--beside compares with an earlier revision: give it by --earlier.')
  return {
    isQuick: values.quick,
    only: values.only?.split(','),
    variants: values.variants?.split(','),
    peers: [...(values.earlier ? [earlier] : []), ...readPeers(values.peers)],
    earlier: values.earlier,
    isBeside: values.beside,
    rounds: values.rounds === undefined ? undefined : readCount(values.rounds),
    node: values.node,
    isFresh: values.fresh,
    isProfiled: values['cpu-prof'],
    lock: values.lock,
    writesOnly: values.write,
    isJson: values.json,
    isHelp: values.help,
  }
}

function readPeers(text: string | undefined): Contestant[] {
  if (text === undefined) return allPeers
  if (text === 'none') return []
  return text.split(',').map(name => {
    const peer = allPeers.find(peer => peer.name === name)
    if (!peer) throw new Error(`There is no peer "${name}". Known are ${allPeers.map(({ name }) => name).join(', ')}.`)
    return peer
  })
}

function readCount(text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1) throw new Error(`--rounds is a number from 1, not "${text}".`)
  return count
}

export const tables = ['import', 'install', 'delivery'] as const

export const wantsTable = (only: string[] | undefined, name: (typeof tables)[number]): boolean =>
  !only || only.includes(name)

/** @throws if a name is neither a row nor a table */
export function chooseRows(only: string[] | undefined): Row[] {
  if (!only) return allRows
  for (const name of only) {
    if (tables.some(table => table === name) || allRows.some(row => isNamed(row, name))) continue
    throw new Error(`There is no row "${name}". Known are ${[...allRows.map(nameOf), ...tables].join(', ')}.`)
  }
  return allRows.filter(row => only.some(name => isNamed(row, name)))
}

function isNamed(row: Row, name: string): boolean {
  return nameOf(row) === name || row.bundler === name
}
