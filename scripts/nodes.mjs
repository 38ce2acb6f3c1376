// Runs tests on other versions of Node, which come from the npm registry. `npm run nodes`: vaults that one version writes and
// another reads. `npm run nodes -- 24 packages/core`: the suite, or what is named of it, on one version.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installNode } from './install-node.mjs'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs')

const [version, ...args] = process.argv.slice(2)
if (version === undefined) {
  const nodes = { 20: await installNode('20'), 24: await installNode('24') }
  const config = ['--config', join(ROOT, 'test/nodes/vitest.config.ts')]
  const env = { ...process.env, MAPSEAL_NODES: JSON.stringify(nodes) }
  process.exitCode = await run(process.execPath, [VITEST, 'run', ...config], env)
} else {
  const node = await installNode(version)
  process.exitCode = await run(node, [join(ROOT, 'scripts/test.mjs'), ...args])
}

/** @param {NodeJS.ProcessEnv} env */
async function run(command, args, env = process.env) {
  const child = spawn(command, args, { cwd: ROOT, env, stdio: 'inherit' })
  const [code] = await once(child, 'close')
  return code ?? 1
}
