import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Another version of Node from the npm registry, which is kept for the next time.
 *
 * @param {string} version of Node, or the start of one
 * @returns {Promise<string>} its program
 */
export async function installNode(version) {
  const name = `node-${process.platform}-${process.arch}`
  const dir = join(tmpdir(), `mapseal-node-${version}`)
  const node = join(dir, 'node_modules', name, 'bin/node')
  if (existsSync(node)) return node
  await mkdir(dir, { recursive: true })
  const options = ['--prefix', dir, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const { status } = spawnSync('npm', ['install', ...options, `${name}@${version}`], { stdio: 'inherit' })
  if (status === 0 && existsSync(node)) return node
  throw new Error(`Node ${version} cannot be installed: npm install ${name}@${version} ended with ${status}.`)
}
