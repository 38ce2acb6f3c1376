import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Why there is no such program here, after trying to install it; undefined when there is.
 *
 * @param name of its package
 * @param version the argument that makes it print its version
 */
export async function installProblem(command: string, name: string, version = '-v'): Promise<string | undefined> {
  const isThere = () => run(command, [version]).then(Boolean, () => false)
  if (await isThere()) return undefined
  if (process.getuid?.() !== 0) return `${command} is not installed, and only root can install it`
  await run('apt-get', ['install', '-y', '--no-install-recommends', name]).catch(() => undefined)
  return (await isThere()) ? undefined : `${command} cannot be installed by apt-get`
}
