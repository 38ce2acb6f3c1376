import { resolve } from 'node:path'
import type { Vault } from '@mapseal/core'
import { count, loadConfig, MapsealError, resolveOptions, shownLocation } from '@mapseal/core'
import type { CheckOptions, CheckProblem, CheckResult } from '@mapseal/core/folder'
import { usage } from '../arguments.ts'
import { checkUrl } from '../check-url.ts'
import type { Command, CommandInput } from '../command.ts'
import type { Io } from '../io.ts'
import type { Paint } from '../paint.ts'
import { createPaint } from '../paint.ts'
import { findVault, hasBuilds, nameUnreadable, requireBuilds, type Unreadable, vaultOptions } from '../vault.ts'

const HEADINGS: Record<CheckProblem['invariant'], string> = {
  sealed: 'Reveals source',
  identified: 'Cannot be identified',
  intact: 'Is served with other bytes than it says',
  exact: 'Cannot be read, or not for sure',
}

/** One of the folders, by the name it was given or found under. */
interface CheckedFolder extends CheckResult {
  dir: string
}

export const check: Command = {
  name: 'check',
  summary: 'Check that output folders are sealed, and each script identified and decodable',
  operand: { name: 'dir', isRequired: false, isMany: true },
  options: {
    ignore: {
      value: 'GLOB',
      description: 'skip files that match, such as "vendor/**", relative to the folder; may be repeated',
    },
    url: {
      value: 'URL',
      description: 'say which map each destination takes for a frame with this URL, instead of checking folders',
    },
    deep: { description: "read every mapping a second time with Mozilla's source-map, which you have to install" },
    ...vaultOptions,
  },
  examples: ['mapseal check dist', 'mapseal check "apps/*/dist" --ignore "vendor/**"'],

  async run(input, io) {
    const [url] = input.values.url ?? []
    if (url !== undefined) return checkUrl(url, input, io)
    if (input.operands.length === 0) throw usage(check, '<dir> is missing.')
    const onUnreadable = nameUnreadable(io)
    const vault = await vaultToCheck(input, io, onUnreadable)
    const isDeep = input.flags.has('deep')
    if (isDeep && !vault)
      throw new MapsealError(
        'check',
        '--deep reads the maps in a vault, and there is no build in any. Name one with --vault.',
      )
    const { checkFolder, findFolders } = await import('@mapseal/core/folder')
    const selection = resolveOptions(await loadConfig(io.cwd, input.values.config?.[0]), io.env)
    const options = { vault, ignore: input.values.ignore, selection, onUnreadable }
    const folders: CheckedFolder[] = []
    for (const dir of await findFolders('check', input.operands, io.cwd)) {
      const progress = createProgress(dir, io)
      const onCompared = progress.report
      try {
        folders.push({ dir, ...(await checkFolder(resolve(io.cwd, dir), { ...options, isDeep, onCompared })) })
      } finally {
        progress.end()
      }
    }
    if (input.isJson) io.stdout.write(`${JSON.stringify({ vault: vault?.location ?? null, folders }, null, 2)}\n`)
    else {
      const place = vault && shownLocation(vault.location, io.cwd)
      const paint = createPaint(io, io.stdout)
      for (const [index, folder] of folders.entries()) {
        if (index > 0 && folder.problems.length > 0) io.stdout.write('\n')
        io.stdout.write(summarize(folder, place, paint))
      }
    }
    return folders.some(({ problems }) => problems.length > 0) ? 1 : 0
  },
}

/** A line that a terminal shows while maps are read a second time. */
function createProgress(dir: string, { stderr }: Io): { report: NonNullable<CheckOptions['onCompared']>; end(): void } {
  let isShown = false
  return {
    report({ maps, mappings }, scripts) {
      if (!stderr.isTTY) return
      isShown = true
      const read = `${count(mappings, 'mapping')} of ${count(maps, 'map')}`
      stderr.write(`\r[mapseal] [check] ${dir}: read ${read} twice, of ${count(scripts, 'script')}\x1b[K`)
    },
    end() {
      if (isShown) stderr.write('\r\x1b[K')
    },
  }
}

/** Undefined if no vault is named and there are no builds: folders can be checked without one. */
async function vaultToCheck(input: CommandInput, io: Io, onUnreadable: Unreadable): Promise<Vault | undefined> {
  const vault = await findVault(input, io)
  if (input.values.vault) return requireBuilds(vault, onUnreadable)
  return (await hasBuilds(vault, onUnreadable)) ? vault : undefined
}

/** As editors and stack traces write it, with columns from 1. */
function placeOf({ path, line, column = 0 }: CheckProblem): string {
  return line === undefined ? path : `${path}:${line}:${column + 1}`
}

function summarize(
  { dir, files, scripts, problems, withoutMap, links = [], deep }: CheckedFolder,
  vault: string | undefined,
  paint: Paint,
): string {
  const subject = `${dir}: ${count(files, 'file')}, ${count(scripts, 'script')}${withoutMap.length > 0 ? ` (${withoutMap.length} without a source map)` : ''}`
  const notFollowed = links.length > 0 ? `; ${count(links.length, 'link')} not followed` : ''
  const twice = deep ? `; ${count(deep.mappings, 'mapping')} of ${count(deep.maps, 'map')} read twice` : ''
  const maps = vault ? `source maps compared with ${vault}` : 'no vault, so source maps were not compared'
  if (problems.length === 0) return `${paint('green', '✓')} ${subject}, no problem; ${maps}${twice}${notFollowed}\n`
  const sections = Object.entries(HEADINGS).flatMap(([invariant, heading]) => {
    const found = problems.filter(problem => problem.invariant === invariant)
    if (found.length === 0) return []
    return [
      paint('bold', heading),
      ...found.map(problem => `  ${paint('cyan', placeOf(problem))} ${problem.message}`),
      '',
    ]
  })
  return [
    ...sections,
    `${paint('red', '✗')} ${subject}, ${count(problems.length, 'problem')}; ${maps}${twice}${notFollowed}`,
    '',
  ].join('\n')
}
