import { count, createProgress, shownLocation } from '@mapseal/core'
import type { VaultProblem, VerifiedVault } from '@mapseal/core/folder'
import type { Command } from '../command.ts'
import { UsageError } from '../errors.ts'
import type { Io } from '../io.ts'
import { loggerTo } from '../logger.ts'
import { createPaint } from '../paint.ts'
import { findStore, noBuild, vaultOptions } from '../vault.ts'

const shownFiles = 5

export const vault: Command = {
  name: 'vault',
  summary: 'Read everything in the vault and list what is broken',
  operand: { name: 'verify', isRequired: true },
  options: vaultOptions,
  examples: ['mapseal vault verify', 'mapseal vault verify --vault s3://acme-source-maps/web'],

  async run(input, io) {
    if (input.operand !== 'verify')
      throw new UsageError(`"${input.operand}" is not known here. Try "mapseal vault --help".`)
    const store = await findStore(input, io)
    const { verifyVault } = await import('@mapseal/core/folder')
    const progress = createProgress('vault', loggerTo(io), io.stderr)
    const result = await verifyVault(store, progress.report).finally(() => progress.end())
    if (input.values.vault && result.builds === 0 && result.problems.length === 0) throw noBuild(store.location)
    io.stdout.write(input.isJson ? `${JSON.stringify(result, null, 2)}\n` : describe(result, io))
    return result.problems.length > 0 ? 1 : 0
  },
}

function describe(result: VerifiedVault, io: Io): string {
  const paint = createPaint(io, io.stdout)
  const shown = (path: string) => paint('cyan', shownLocation(path, io.cwd))
  const sections = [
    ['Broken', result.problems.map(problem => `${shown(problem.path)} ${sentence(problem)}`)],
    ['Named by no build (pruning deletes these an hour after they were written)', result.unreferenced.map(shown)],
    ['Temporary files that killed builds left (pruning deletes these)', result.abandoned.map(shown)],
  ] as const
  const lines = sections.flatMap(([heading, items]) =>
    items.length > 0 ? [paint('bold', heading), ...items.map(item => `  ${item}`), ''] : [],
  )
  const { builds, packs, bytes, problems } = result
  const read = `${count(builds, 'build')}, ${count(packs, 'pack')}, ${(bytes / 1e6).toFixed(1)} MB read`
  const place = shownLocation(result.vault, io.cwd)
  const isWhole = problems.length === 0
  const sign = isWhole ? paint('green', '✓') : paint('red', '✗')
  const advice = isWhole ? 'nothing is broken' : `${count(problems.length, 'problem')}. ${cure}`
  return [...lines, `${sign} ${place}: ${read}, ${advice}`, ''].join('\n')
}

const cure = 'Restore these files from a copy of the vault; else delete them and build again.'

function sentence({ message, builds, files }: VaultProblem): string {
  const [newest, ...others] = builds
  if (files.length === 0) return message
  const more = files.length > shownFiles ? ` and ${files.length - shownFiles} more` : ''
  const of = `build ${newest}${others.length > 0 ? ` and ${count(others.length, 'other')}` : ''}`
  return `${message}: ${files.slice(0, shownFiles).join(', ')}${more} of ${of} cannot be read`
}
