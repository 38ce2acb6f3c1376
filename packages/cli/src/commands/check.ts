import { resolve } from 'node:path'
import type { Vault } from '@mapseal/core'
import { count, shownLocation } from '@mapseal/core'
import type { CheckProblem, CheckResult } from '@mapseal/core/folder'
import type { Command, CommandInput } from '../command.ts'
import type { Io } from '../io.ts'
import type { Paint } from '../paint.ts'
import { createPaint } from '../paint.ts'
import { findVault, readBuilds, vaultOptions } from '../vault.ts'

const HEADINGS: Record<CheckProblem['invariant'], string> = {
  sealed: 'Reveals source',
  identified: 'Cannot be identified',
  exact: 'Cannot be read, or not for sure',
}

export const check: Command = {
  name: 'check',
  summary: 'See whether an output folder is sealed, and each script identified and decodable',
  operand: { name: 'dir', isRequired: true },
  options: vaultOptions,
  examples: ['mapseal check dist'],

  async run(input, io) {
    const vault = await vaultToCheck(input, io)
    const { checkFolder } = await import('@mapseal/core/folder')
    const result = await checkFolder(resolve(io.cwd, input.operand ?? ''), vault)
    if (input.isJson) io.stdout.write(`${JSON.stringify({ ...result, vault: vault?.location ?? null }, null, 2)}\n`)
    else
      io.stdout.write(
        summarize(input, result, vault && shownLocation(vault.location, io.cwd), createPaint(io, io.stdout)),
      )
    return result.problems.length > 0 ? 1 : 0
  },
}

/** Undefined where none is named and there are no builds: the folder alone can be checked too. */
async function vaultToCheck(input: CommandInput, io: Io): Promise<Vault | undefined> {
  const vault = await findVault(input, io)
  if (input.values.vault) await readBuilds(vault, io)
  return (await vault.records()).length > 0 ? vault : undefined
}

function summarize(
  input: CommandInput,
  { files, scripts, problems, withoutMap }: CheckResult,
  vault: string | undefined,
  paint: Paint,
): string {
  const subject = `${input.operand}: ${count(files, 'file')}, ${count(scripts, 'script')}${withoutMap.length > 0 ? ` (${withoutMap.length} without a source map)` : ''}`
  const maps = vault ? `source maps compared with ${vault}` : 'no vault, so source maps were not compared'
  if (problems.length === 0) return `${paint('green', '✓')} ${subject}, no problem; ${maps}\n`
  const sections = Object.entries(HEADINGS).flatMap(([invariant, heading]) => {
    const found = problems.filter(problem => problem.invariant === invariant)
    if (found.length === 0) return []
    return [paint('bold', heading), ...found.map(({ path, message }) => `  ${paint('cyan', path)} ${message}`), '']
  })
  return [...sections, `${paint('red', '✗')} ${subject}, ${count(problems.length, 'problem')}; ${maps}`, ''].join('\n')
}
