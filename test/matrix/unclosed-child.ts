// A program that builds two outputs and never closes the bundle. Arguments: bundler, project.
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { rollup } from 'rollup'
import { pluginMaker } from './plugin.ts'

interface Bundle {
  write(output: { dir: string; format: 'es' | 'cjs' }): Promise<unknown>
}

const [bundler, dir] = process.argv.slice(2) as ['rollup' | 'rolldown', string]
const plugins = await pluginMaker(bundler, { vault: join(dir, 'vault'), release: '1.2.3', onError: 'fail' })
const input = { input: join(dir, 'src/main.js'), plugins: plugins() }
const bundle: Bundle = bundler === 'rollup' ? await rollup(input) : await rolldown(input)
for (const format of ['es', 'cjs'] as const) {
  await bundle.write({ dir: join(dir, 'dist', format), format })
}
