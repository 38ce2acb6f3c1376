import type { BuildRecord } from '@mapseal/core'
import { bare, stylePattern } from '@mapseal/core'
import type { Command } from '../command.ts'
import { createPaint } from '../paint.ts'
import { alignColumns } from '../table.ts'
import { findVault, readBuilds, vaultOptions } from '../vault.ts'

interface BuildSummary {
  id: string
  createdAt: string
  release: BuildRecord['release'] | null
  state: 'finished' | 'open' | 'failed'
  files: number
  scripts: number
  /** Scripts whose stacks can be read. */
  decodable: number
  /** The size of code and source maps before compression, each counted once, in bytes. */
  size: number
  deliveries: BuildRecord['deliveries']
}

/** For people. */
const stateNames = { finished: 'finished', open: 'not finished', failed: 'not finished: failed' }

export const releases: Command = {
  name: 'releases',
  summary: 'List the builds in the vault, newest first',
  options: vaultOptions,
  examples: ['mapseal releases'],

  async run(input, io) {
    const builds = (await readBuilds(await findVault(input, io), io)).map(summarize)
    if (input.isJson) {
      io.stdout.write(`${JSON.stringify(builds, null, 2)}\n`)
      return 0
    }
    const heading = ['BUILD', 'TIME (UTC)', 'RELEASE', 'FILES', 'DECODABLE', 'SIZE', 'DELIVERIES']
    const hasUnfinished = builds.some(({ state }) => state !== 'finished')
    const rows = [[...heading, 'STATE'], ...builds.map(row)]
    const [first = '', ...rest] = alignColumns(hasUnfinished ? rows : rows.map(row => row.slice(0, -1)))
    const paint = createPaint(io, io.stdout)
    io.stdout.write(`${[paint('bold', first), ...rest].join('\n')}\n`)
    return 0
  },
}

function summarize({ id, createdAt, release, state, files, deliveries }: BuildRecord): BuildSummary {
  const scripts = files.filter(file => file.fate === 'inlined' || !stylePattern.test(bare(file.path)))
  const blobs = new Map(
    files.flatMap(({ code, map }) => [code, ...(map ? [map] : [])]).map(blob => [blob.sha256, blob]),
  )
  return {
    id,
    createdAt,
    release: release ?? null,
    state: state ?? 'finished',
    files: files.length,
    scripts: scripts.length,
    decodable: scripts.filter(file => file.problem === undefined).length,
    size: [...blobs.values()].reduce((sum, blob) => sum + blob.size, 0),
    deliveries,
  }
}

function row({ id, createdAt, release, state, files, scripts, decodable, size, deliveries }: BuildSummary): string[] {
  const states = Object.entries(deliveries).map(([name, { state }]) => `${name}: ${state}`)
  const name = release ? [release.name, release.dist].filter(Boolean).join(' / ') : '-'
  const time = createdAt.slice(0, 19).replace('T', ' ')
  const facts = [id, time, name, String(files), `${decodable} of ${scripts}`, formatSize(size)]
  return [...facts, states.join(', ') || '-', stateNames[state]]
}

function formatSize(bytes: number): string {
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`
  return `${(bytes / 1e6).toFixed(1)} MB`
}
