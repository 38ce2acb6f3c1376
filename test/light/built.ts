import { copyFile, mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { runNode } from '../support/command.ts'

const root = dirname(dirname(import.meta.dirname))
const require = createRequire(import.meta.url)
const core = { '@mapseal/core': 'core', '@mapseal/destinations': 'destinations', mapseal: 'mapseal' }

/**
 * The packages as they are published, in `node_modules` of `folder`, which must lie in this repository so that what they
 * depend on resolves. Not in their own `dist`: other tests build there at the same time.
 *
 * @param more folders of further packages, by their names
 */
export async function buildPackages(folder: string, more: Record<string, string> = {}): Promise<void> {
  const tsup = require.resolve('tsup/dist/cli-default.js')
  for (const [name, source] of Object.entries({ ...core, ...more })) {
    const cwd = join(root, 'packages', source)
    const target = join(folder, 'node_modules', name)
    await mkdir(target, { recursive: true })
    await copyFile(join(cwd, 'package.json'), join(target, 'package.json'))
    const args = [
      tsup,
      '--config',
      join(root, 'tsup.config.ts'),
      '--no-dts',
      '--silent',
      '--out-dir',
      join(target, 'dist'),
    ]
    const { code, stdout, stderr } = await runNode(args, { cwd })
    if (code !== 0) throw new Error(`tsup failed for ${name} (${code}):\n${stdout}${stderr}`)
  }
}
