// Runs tests on other versions of Node, which come from the npm registry. `npm run nodes`: vaults that one version writes and
// another reads. `npm run nodes -- 24 packages/core`: the suite, or what is named of it, on one version.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs')

const [version, ...args] = process.argv.slice(2)
if (version === undefined) {
  const nodes = { 20: await install('20'), 24: await install('24') }
  const config = ['--config', join(ROOT, 'test/nodes/vitest.config.ts')]
  const env = { ...process.env, MAPSEAL_NODES: JSON.stringify(nodes) }
  process.exitCode = await run(process.execPath, [VITEST, 'run', ...config], env)
} else {
  const node = await install(version)
  process.exitCode = await run(node, [join(ROOT, 'scripts/test.mjs'), ...args])
}

/** @param {string} version of Node, or the start of one */
async function install(version) {
  const name = `node-${process.platform}-${process.arch}`
  const dir = join(tmpdir(), `mapseal-node-${version}`)
  const node = join(dir, 'node_modules', name, 'bin/node')
  if (existsSync(node)) return node
  await mkdir(dir, { recursive: true })
  const options = ['--prefix', dir, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const code = await run('npm', ['install', ...options, `${name}@${version}`])
  if (code === 0 && existsSync(node)) return node
  throw new Error(`Node ${version} cannot be installed: npm install ${name}@${version} ended with ${code}.`)
}

/** @param {NodeJS.ProcessEnv} env */
async function run(command, args, env = process.env) {
  const child = spawn(command, args, { cwd: ROOT, env, stdio: 'inherit' })
  const [code] = await once(child, 'close')
  return code ?? 1
}
