import { median } from '../figures.ts'
import { MEMORY_TARGET, nameOf, targetOf } from '../rounds/rows.ts'
import type { AllStored, RoundsFigures } from '../store.ts'
import { BYTES_PER_SECOND, UNCHANGED_LATENCY } from '../tables/delivery.ts'
import { groupsOf } from './delivery.ts'
import { format, ratioOf } from './ratios.ts'
import { megabytes, seconds, table, verdict } from './table.ts'

/** What it is, what is aimed at, what was measured, whether that is met. */
type Line = [string, string, string, string]

export function targetsSection(stored: AllStored): string {
  const rounds = stored.rounds.map(({ figures }) => figures)
  const lines = [
    ...rounds.flatMap(cpuLines),
    ...growthLines(rounds),
    ...rounds.flatMap(memoryLines),
    ...importLines(stored),
    ...deliveryLines(stored),
    ...installLines(stored),
  ]
  return `## Targets

What Mapseal itself is held to.

${table(['', 'target', 'measured', ''], lines)}`
}

function cpuLines(figures: RoundsFigures): Line[] {
  const target = targetOf(figures.row)
  if (!target) return []
  return (['inject', 'full'] as const).flatMap(mode => {
    const ratio = ratioOf(figures, `mapseal/${mode}`, 'cpuMs')
    if (!ratio) return []
    return [
      [
        `CPU, ${nameOf(figures.row)}, ${mode}`,
        `≤ ${target[mode].toFixed(2)}`,
        format(ratio),
        verdict(ratio.median <= target[mode]),
      ],
    ]
  })
}

/** Noise of a ratio that is called flat. */
const FLAT = 0.02

/** What is linear costs the same part of a large build as of a small one. */
function growthLines(rounds: RoundsFigures[]): Line[] {
  const sizes = rounds.filter(({ row }) => row.bundler === 'vite8')
  if (sizes.length < 3) return []
  return (['inject', 'full'] as const).flatMap(mode => {
    const ratios = sizes.flatMap(figures => ratioOf(figures, `mapseal/${mode}`, 'cpuMs')?.median ?? [])
    const isFlat = ratios.every((ratio, index) => index === 0 || ratio <= (ratios[index - 1] ?? 0) + FLAT)
    const text = ratios.map(ratio => ratio.toFixed(2)).join(', ')
    return ratios.length < 3 ? [] : [[`CPU, vite8 from S to L, ${mode}`, 'flat or falling', text, verdict(isFlat)]]
  })
}

function memoryLines(figures: RoundsFigures): Line[] {
  return (['inject', 'full'] as const).flatMap(mode => {
    const ratio = ratioOf(figures, `mapseal/${mode}`, 'peakBytes')
    if (!ratio) return []
    const isMet = ratio.median <= MEMORY_TARGET
    return [[`memory, ${nameOf(figures.row)}, ${mode}`, `≤ ${MEMORY_TARGET}`, format(ratio), verdict(isMet)]]
  })
}

const IMPORT_MS = 80
const IMPORT_BYTES = 12e6

function importLines({ imports }: AllStored): Line[] {
  return (imports?.figures ?? [])
    .filter(({ contestant }) => contestant === 'mapseal')
    .map(({ entry, cpuMs, bytes }) => [
      `importing ${entry}`,
      `≤ ${IMPORT_MS} ms, ≤ ${megabytes(IMPORT_BYTES, 0)} MB`,
      `${cpuMs.toFixed(0)} ms, ${megabytes(bytes)} MB`,
      verdict(cpuMs <= IMPORT_MS && bytes <= IMPORT_BYTES),
    ])
}

const UNCHANGED_MS = 300

function deliveryLines({ deliveries }: AllStored): Line[] {
  const groups = groupsOf(deliveries?.figures ?? []).map(({ runs, ...group }) => ({
    ...group,
    wallMs: median(runs.map(({ cost }) => cost.wallMs)),
    spanMs: median(runs.map(({ traffic }) => traffic.spanMs)),
    lineMs: (median(runs.map(({ traffic }) => traffic.bytes)) / BYTES_PER_SECOND) * 1000,
  }))
  return groups
    .filter(({ tool }) => tool.startsWith('mapseal'))
    .flatMap(({ latencyMs, isUnchanged, wallMs, spanMs, lineMs }): Line[] => {
      if (isUnchanged) {
        const name = `requests of an unchanged rebuild at ${UNCHANGED_LATENCY} ms`
        return [[name, `< ${UNCHANGED_MS} ms`, `${spanMs.toFixed(0)} ms`, verdict(spanMs < UNCHANGED_MS)]]
      }
      if (latencyMs === 0) return []
      const others = groups.filter(
        group => group.latencyMs === latencyMs && !group.isUnchanged && group.tool.startsWith('sentry-cli'),
      )
      const fastest = Math.min(...others.map(({ wallMs }) => wallMs))
      const name = `delivery at ${latencyMs} ms`
      return [
        [`${name}, by the faster sentry-cli`, '≤ 0.50', (wallMs / fastest).toFixed(2), verdict(wallMs <= fastest / 2)],
        [
          `${name}, by what the line takes (${seconds(lineMs)} s)`,
          '≤ 1.30',
          (wallMs / lineMs).toFixed(2),
          verdict(wallMs <= 1.3 * lineMs),
        ],
      ]
    })
}

function installLines({ installs }: AllStored): Line[] {
  return (installs?.figures ?? [])
    .filter(({ contestant }) => contestant === 'mapseal')
    .map(({ count, bytes, wallMs }) => [
      'installing',
      '< 3 MB, ≤ 15 packages, ≤ 3 s',
      `${megabytes(bytes)} MB, ${count} packages, ${seconds(wallMs)} s`,
      verdict(bytes < 3e6 && count <= 15 && wallMs <= 3000),
    ])
}
