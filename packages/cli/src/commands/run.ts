import { randomUUID } from 'node:crypto'
import { MapsealError, mapLimit } from '@mapseal/core'
import { runBuild } from '../build-command.ts'
import type { Command, CommandInput } from '../command.ts'
import type { Io } from '../io.ts'
import { withMaps } from '../map-flags.ts'
import { findVault } from '../vault.ts'
import { seal, sealDirs } from './seal.ts'

export const run: Command = {
  name: 'run',
  summary: 'Run a build command, then seal the folders it wrote',
  operand: { name: 'command', isRequired: true, isMany: true, isForeign: true },
  options: {
    dir: {
      value: 'DIR',
      description: 'a folder that it writes; may be repeated (default: those with new source maps)',
    },
    ...seal.options,
  },
  examples: ['mapseal run -- npm run build', 'mapseal run --dir dist -- ng build'],

  async run(input, io) {
    // A build with the plugin and what is sealed after it share one record.
    io.env.MAPSEAL_BUILD ??= randomUUID()
    const { watchForMaps } = await import('@mapseal/core/folder')
    const named = input.values.dir
    const findWritten = named ? async () => named : await watchForMaps(io.cwd)
    const code = await runBuild(await withMaps(input.operands, io.cwd), io, input.isJson)
    if (code !== 0) return code
    const dirs = await findWritten()
    if (dirs.includes('.') && !named)
      throw new MapsealError('run', `The build wrote source maps into ${io.cwd} itself. Name its folders with --dir.`)
    if (dirs.length > 0) return sealDirs({ ...input, operands: dirs }, io, { mayBeRestored: true })
    if (await hasSealed(input, io)) return 0
    throw new MapsealError(
      'run',
      `The build wrote no source map below ${io.cwd}. Switch source maps on in its config. ${advice}`,
    )
  },
}

const advice = 'If it writes to a folder that is not found, name it with --dir.'

/** Builds of other processes that may have been made in the meantime. */
const mostRecent = 20

/** Whether the plugin has sealed everything in the build itself. */
async function hasSealed(input: CommandInput, io: Io): Promise<boolean> {
  const vault = await findVault(input, io)
  const newest = (await vault.index()).builds().slice(0, mostRecent)
  const builds = await mapLimit(newest, 4, ({ id }) => vault.find(id).catch(() => undefined))
  return builds.some(build => build?.command !== undefined && build.command === io.env.MAPSEAL_BUILD)
}
