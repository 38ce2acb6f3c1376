import type { BenchOptions } from './options.ts'
import { nameOf, type Row } from './rounds/rows.ts'
import type { Choice } from './rounds/variants.ts'

/** What is measured, and how often. */
export interface Plan {
  rows: { row: Row; rounds: number; choice: Choice }[]
  deliveries: number
}

const ROUNDS = 5
const DELIVERIES = 3

/** Rows that show the most in minutes, with the number of their rounds and the peers that take part. */
const QUICK: Record<string, { rounds: number; peers: string[] }> = {
  'vite8/S': { rounds: 3, peers: ['sentry11', 'sentry5', 'datadog', 'posthog', 'faro', 'honeybadger'] },
  'vite8/M': { rounds: 2, peers: ['sentry11', 'sentry5'] },
  'esbuild/S': { rounds: 3, peers: ['sentry11', 'sentry5'] },
  'webpack/S': { rounds: 3, peers: ['sentry11'] },
  'rspack/S': { rounds: 3, peers: ['sentry11'] },
}

export function planOf(rows: Row[], { isQuick, rounds, peers, variants }: BenchOptions): Plan {
  const choice: Choice = { peers, ...(variants ? { variants } : {}) }
  if (!isQuick)
    return { rows: rows.map(row => ({ row, rounds: rounds ?? ROUNDS, choice })), deliveries: rounds ?? DELIVERIES }
  const quick = rows.flatMap(row => {
    const part = QUICK[nameOf(row)]
    if (!part) return []
    const able = peers.filter(({ name }) => part.peers.includes(name))
    return [{ row, rounds: rounds ?? part.rounds, choice: { ...choice, peers: able } }]
  })
  return { rows: quick, deliveries: 1 }
}
