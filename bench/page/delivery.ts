import { median } from '../figures.ts'
import type { Stored } from '../store.ts'
import type { DeliveryFigures } from '../tables/delivery.ts'
import { day, megabytes, seconds, table } from './table.ts'

const HEAD = [
  '',
  'latency',
  'process s',
  'requests s',
  'CPU s',
  'peak MB',
  'requests',
  'at once',
  'MB sent',
  'maps on the server',
]

/** Runs of one tool at one latency. */
export interface Group {
  tool: string
  latencyMs: number
  isUnchanged: boolean
  runs: DeliveryFigures[]
}

export function groupsOf(figures: DeliveryFigures[]): Group[] {
  const groups = new Map<string, Group>()
  for (const run of figures) {
    const { tool, latencyMs, isUnchanged } = run
    const key = `${isUnchanged} ${String(latencyMs).padStart(5)} ${tool}`
    const group = groups.get(key) ?? { tool, latencyMs, isUnchanged, runs: [] }
    group.runs.push(run)
    groups.set(key, group)
  }
  return [...groups.values()].sort(
    (left, right) => Number(left.isUnchanged) - Number(right.isUnchanged) || left.latencyMs - right.latencyMs,
  )
}

export function deliverySection({ figures, at }: Stored<DeliveryFigures[]>): string {
  return `## Delivery

The medium app's output at 100 Mbit/s, with so many milliseconds before each answer; ${day(at)}. \`mapseal flush\` reads the vault, the others a
folder into which they had put their IDs before. "Process" is the command from its start to its end, "requests" from the first request to the last
answer. The last rows send again what the server has.

${table(HEAD, groupsOf(figures).map(rowOf))}`
}

function rowOf({ tool, latencyMs, isUnchanged, runs }: Group): string[] {
  const [run] = runs
  const error = runs.find(({ error }) => error)?.error
  const of = (read: (run: DeliveryFigures) => number, format: (value: number) => string) => {
    const values = runs.map(read)
    const middle = format(median(values))
    return values.length === 1 ? middle : `${middle} (${format(Math.min(...values))}–${format(Math.max(...values))})`
  }
  return [
    `${tool}${isUnchanged ? ', unchanged' : ''}${error ? ` (fails: ${error})` : ''}`,
    `${latencyMs} ms`,
    of(({ cost }) => cost.wallMs, seconds),
    of(({ traffic }) => traffic.spanMs, seconds),
    of(({ cost }) => cost.cpuMs, seconds),
    of(
      ({ cost }) => cost.peakBytes,
      bytes => megabytes(bytes, 0),
    ),
    `${run?.traffic.requests}`,
    `${run?.traffic.maxInFlight}`,
    megabytes(run?.traffic.bytes ?? 0, 2),
    `${run?.traffic.maps}`,
  ]
}
