import type { BuildRecord, ResolvedOptions, Store, Vault } from '@mapseal/core'
import { loadConfig, MapsealError, openStore, openVault, reason, resolveOptions } from '@mapseal/core'
import type { CommandInput, CommandOption } from './command.ts'
import type { Io } from './io.ts'

export const vaultOptions: Record<'vault' | 'config', CommandOption> = {
  vault: {
    value: 'DIR',
    description:
      'the vault: a folder or s3://bucket/prefix (default: from the config, else MAPSEAL_VAULT, else .mapseal)',
  },
  config: { value: 'FILE', description: 'the config (default: mapseal.config.{ts,js,mjs})' },
}

/** The vault named by the options, else the config, else the environment. */
export async function findVault(input: CommandInput, io: Io): Promise<Vault> {
  const { vault, ...network } = await findPlace(input, io)
  return openVault(vault, io.cwd, network)
}

/** What that vault is kept in. */
export async function findStore(input: CommandInput, io: Io): Promise<Store> {
  const { vault, ...network } = await findPlace(input, io)
  return openStore(vault, io.cwd, network)
}

/** Undefined where nothing names one. */
export async function findLocation(input: CommandInput, io: Io): Promise<string | undefined> {
  return (await findPlace(input, io)).vault
}

/** A vault that is named on the command line needs no config. */
async function findPlace({ values }: CommandInput, io: Io): Promise<ResolvedOptions> {
  const [location] = values.vault ?? []
  const config = location === undefined ? await loadConfig(io.cwd, values.config?.[0]) : { vault: location }
  return resolveOptions(config, io.env)
}

/** Its build records, newest first; those that cannot be read are named on stderr. @throws MapsealError if there are none */
export async function readBuilds(vault: Vault, io: Io): Promise<BuildRecord[]> {
  const builds = await vault.records(nameUnreadable(io))
  if (builds.length > 0) return builds
  throw noBuild(vault.location)
}

/** Reads the index alone. @returns the vault with the index as it is now @throws MapsealError if there are no builds */
export async function requireBuilds(vault: Vault, onUnreadable: Unreadable): Promise<Vault> {
  const index = await vault.index(onUnreadable)
  if (index.builds().length === 0) throw noBuild(vault.location)
  return { ...vault, index: async () => index }
}

export async function hasBuilds(vault: Vault, onUnreadable: Unreadable): Promise<boolean> {
  return (await vault.index(onUnreadable)).builds().length > 0
}

export type Unreadable = (file: string, cause: unknown) => void

/** Names each record that cannot be read on stderr, once. */
export function nameUnreadable(io: Io): Unreadable {
  const named = new Set<string>()
  return (file, cause) => {
    if (named.has(file)) return
    named.add(file)
    io.stderr.write(`[mapseal] [vault] ${file} cannot be read and is passed over: ${reason(cause)}\n`)
  }
}

export function noBuild(location: string): MapsealError {
  return new MapsealError(
    'vault',
    `${location} holds no build. Build with the plugin, run "mapseal seal <dir>", or name another vault with --vault.`,
  )
}
