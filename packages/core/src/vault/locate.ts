import { existsSync, readFileSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { MapsealError } from '../errors.ts'
import type { Network } from '../http/types.ts'
import type { Vault } from '../types.ts'
import { folderStore } from './folder.ts'
import { s3Store } from './s3/store.ts'
import type { Store } from './store.ts'
import { createVault } from './vault.ts'

const lockFiles = ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb']

/** The vault at `location`, relative to `root`; without one, `.mapseal` beside the nearest lock file or `package.json`. */
export function openVault(location: string | undefined, root: string, network?: Network): Vault {
  return createVault(openStore(location, root, network))
}

/** What that vault is kept in. */
export function openStore(location: string | undefined, root: string, network?: Network): Store {
  if (location !== undefined && isRemote(location)) return s3Store(location, network)
  // No drive of Windows has two letters.
  if (location !== undefined && /^[a-z][a-z\d]+:/i.test(location))
    throw new MapsealError(
      'vault',
      `"${location}" is neither a folder nor a bucket. Write s3://bucket/prefix, or a path.`,
    )
  return folderStore(location ? resolve(root, location) : join(workspaceFolder(root), '.mapseal'))
}

/**
 * What is in `folder` becomes public, and a vault holds the source. A folder that holds the project itself is not checked.
 *
 * @throws MapsealError where the vault is in it
 */
export function refuseVaultIn(folder: string, location: string, root: string): void {
  if (isRemote(location) || !isIn(location, folder) || isIn(root, folder)) return
  throw new MapsealError(
    'vault',
    `The vault ${shownLocation(location, root)} lies in ${shownLocation(folder, root)}, which becomes public, and it holds your source. Name a folder outside of it (the option "vault", MAPSEAL_VAULT or --vault).`,
  )
}

/** Below the folder, or the folder itself. */
export function isIn(path: string, folder: string): boolean {
  const inside = relative(folder, path)
  return !isAbsolute(inside) && inside.split(sep)[0] !== '..'
}

/** A location for people: as a path, where it is a folder below `root`. */
export function shownLocation(location: string, root: string): string {
  const inside = relative(root, location) || '.'
  return isRemote(location) || inside.startsWith('..') ? location : inside
}

function isRemote(location: string): boolean {
  return location.startsWith('s3://')
}

/** Finds the folder of the project that a folder belongs to: with the nearest `package.json`, else the folder itself. */
export function packageFolder(root: string): string {
  return nearest(root, ['package.json']) ?? resolve(root)
}

/**
 * The name of a project in build records, the same on every machine: the `name` of the nearest `package.json`, else the
 * project's folder relative to that of the nearest lock file. It tells the builds of apps apart that share a vault.
 */
export function projectName(root: string): string {
  const folder = packageFolder(root)
  return nameIn(join(folder, 'package.json')) || relative(workspaceFolder(root), folder).split(sep).join('/')
}

/** Undefined if the file is absent or invalid, which other tools report. */
function nameIn(file: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown }
    return typeof name === 'string' ? name : undefined
  } catch {
    return undefined
  }
}

/** Finds the folder with the lock file, so that all packages of a monorepo share one vault. */
export function workspaceFolder(root: string): string {
  return nearest(root, lockFiles) ?? packageFolder(root)
}

function nearest(from: string, names: string[]): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (names.some(name => existsSync(join(folder, name)))) return folder
    if (dirname(folder) === folder) return undefined
  }
}
