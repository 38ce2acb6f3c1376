import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { npm } from '../../test/support/installed.ts'

/** Bundlers are the repository's own, so that every plugin runs in the same one: no peer dependencies. */
const QUIET = ['--no-save', '--legacy-peer-deps', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts']

/** Installs what a folder's lock file says, once. */
export async function install(folder: string, say: (line: string) => void): Promise<void> {
  // npm writes it last.
  const mark = join(folder, 'node_modules/.package-lock.json')
  const isInstalled = await access(mark).then(
    () => true,
    () => false,
  )
  if (isInstalled) return
  say(`installing ${folder}`)
  await npm(folder, 'install', ...QUIET)
}
