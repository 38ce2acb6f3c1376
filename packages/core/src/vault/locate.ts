import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { MapsealError } from '../errors.ts'
import type { Vault } from '../types.ts'
import { folderStore } from './folder.ts'
import type { Store } from './store.ts'
import { createVault } from './vault.ts'

const lockFiles = ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb']

/** The vault at `location`, relative to `root`; without one, `.mapseal` beside the nearest lock file or `package.json`. */
export function openVault(location: string | undefined, root: string): Vault {
  return createVault(openStore(location, root))
}

/** What that vault is kept in. */
export function openStore(location: string | undefined, root: string): Store {
  if (location?.startsWith('s3://')) {
    throw new MapsealError('vault', `${location}: this version keeps vaults in folders only. Name a folder in "vault".`)
  }
  return folderStore(location ? resolve(root, location) : join(projectFolder(root), '.mapseal'))
}

/** Of a monorepo, the folder with the lock file, so that all its packages share one vault. */
function projectFolder(root: string): string {
  return nearest(root, lockFiles) ?? nearest(root, ['package.json']) ?? resolve(root)
}

function nearest(from: string, names: string[]): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (names.some(name => existsSync(join(folder, name)))) return folder
    if (dirname(folder) === folder) return undefined
  }
}
