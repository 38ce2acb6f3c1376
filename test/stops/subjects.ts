import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import type { Options } from '@mapseal/core'
import { sealFolder } from '@mapseal/core/folder'
import rollupPlugin from 'mapseal/rollup'
import { rollup } from 'rollup'
import { run } from '../company/builds.ts'
import type { Host } from '../company/grid.ts'
import { pluginMaker } from '../matrix/plugin.ts'
import type { Bundler } from '../matrix/types.ts'

export const subjects = [
  'vite8',
  'vite7',
  'rollup',
  'rolldown',
  'webpack',
  'rspack',
  'esbuild',
  'outputs',
  'seal',
] as const
export type Subject = (typeof subjects)[number]

/** Builds the project in `dir` into `dir/out`, or below it, or seals that folder. Rejects as its own call does. */
export async function work(subject: Subject, dir: string, vault: string): Promise<void> {
  const logger = { info: () => {}, warn: () => {}, error: () => {} }
  const options: Options = { vault, release: '1.2.3', onError: 'fail', logger }
  if (subject === 'seal') return void (await sealFolder('out', options, dir))
  if (subject === 'outputs') return writeAtOnce(dir, options)
  const plugins = (await pluginMaker(subject as Bundler, options))() as unknown[]
  await run[subject as Host]({ dir, outDir: join(dir, 'out'), plugins: plugins.flat() as never[], minimize: false })
}

/** Rollup's bundles may be written in several forms at the same time. */
async function writeAtOnce(dir: string, options: Options): Promise<void> {
  const bundle = await rollup({ input: join(dir, 'src/main.js'), plugins: [rollupPlugin(options)] })
  try {
    const formats = ['es', 'cjs', 'system'] as const
    const written = formats.map(format => bundle.write({ dir: join(dir, 'out', format), format }))
    await Promise.allSettled(written)
    await Promise.all(written)
  } finally {
    await bundle.close()
  }
}

/** What is there before: the project, and what `seal` is to seal, which esbuild builds into `template/out`. */
export async function prepare(subject: Subject, template: string, dir: string): Promise<void> {
  await cp(template, dir, {
    recursive: true,
    filter: source => subject === 'seal' || !source.startsWith(join(template, 'out')),
  })
}
