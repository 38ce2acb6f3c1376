import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Destination, loadConfig, type Options, type Report } from '@mapseal/core'
import { connectWith } from '../client.ts'
import type { Command, CommandInput } from '../command.ts'
import type { Io } from '../io.ts'
import { loggerTo } from '../logger.ts'
import { vaultOptions } from '../vault.ts'

export const seal: Command = {
  name: 'seal',
  summary: 'Take the source maps out of folders that any tool built, and deliver them',
  operand: { name: 'dir', isRequired: true, isMany: true },
  options: {
    release: { value: 'NAME', description: 'the name of this version (default: that of the plugin)' },
    dist: { value: 'NAME', description: 'which of its builds this is' },
    'url-prefix': {
      value: 'PREFIX',
      description: 'what stands before each path in the URLs of the scripts, such as "~/static/js"',
    },
    'dry-run': { description: 'print the requests that would deliver the maps; change nothing, send nothing' },
    rewrite: { description: 'flatten source maps with sections, and put into them the sources that they lack' },
    ...vaultOptions,
  },
  examples: ['mapseal seal dist', 'mapseal seal "apps/*/dist" --release 1.4.0'],

  run: (input, io) => sealDirs(input, io),
}

/**
 * @param destinations instead of those of the config
 * @param mayBeRestored see `ConnectedOptions`
 */
export async function sealDirs(
  { operands, values, flags, isJson }: Pick<CommandInput, 'operands' | 'values' | 'flags' | 'isJson'>,
  io: Io,
  { destinations, mayBeRestored = false }: { destinations?: Destination[]; mayBeRestored?: boolean } = {},
): Promise<number> {
  const [urlPrefix] = values['url-prefix'] ?? []
  const traits = {
    mayBeRestored,
    ...(urlPrefix !== undefined && { urlPrefix }),
    ...(flags.has('rewrite') && { rewrite: true }),
  }
  const [vault] = values.vault ?? []
  const config = await loadConfig(io.cwd, values.config?.[0])
  const options = {
    logger: loggerTo(io),
    ...config,
    ...releaseOption(config.release, values.release?.[0], values.dist?.[0]),
    ...(vault !== undefined && { vault }),
    ...(destinations && { destinations }),
  }
  const { findFolders, sealFolders, StoppedError } = await import('@mapseal/core/folder')
  const dirs = await findFolders('seal', operands, io.cwd)
  if (flags.has('dry-run')) return drySeal(dirs, options, io, traits)
  const print = (report: Report) => isJson && io.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  try {
    const report = await sealFolders(dirs, options, io.cwd, connectWith(io), traits)
    print(report)
    return report.leaks.length > 0 ? 1 : 0
  } catch (cause) {
    if (cause instanceof StoppedError) print(cause.report)
    throw cause
  }
}

/** Takes the folders into a vault of a moment, and leaves them as they are. */
async function drySeal(
  dirs: string[],
  options: Options,
  io: Io,
  traits: { urlPrefix?: string; rewrite?: boolean },
): Promise<number> {
  const { sealFolders } = await import('@mapseal/core/folder')
  const logger = options.logger ?? loggerTo(io)
  // What would be sent is all that matters.
  const quiet = { ...logger, info: (line: string) => void (line.startsWith('[mapseal]') || logger.info(line)) }
  const vault = await mkdtemp(join(tmpdir(), 'mapseal-dry-run-'))
  try {
    const dry = { ...options, logger: quiet, dryRun: true, vault }
    await sealFolders(dirs, dry, io.cwd, undefined, { ...traits, isRehearsal: true })
    return 0
  } finally {
    await rm(vault, { recursive: true })
  }
}

function releaseOption(
  configured: Options['release'],
  name: string | undefined,
  dist: string | undefined,
): Pick<Options, 'release'> {
  if (name === undefined && dist === undefined) return {}
  const before = typeof configured === 'string' ? { name: configured } : configured || {}
  return { release: { ...before, ...(name !== undefined && { name }), ...(dist !== undefined && { dist }) } }
}
