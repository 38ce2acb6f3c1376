import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import type { Options } from '@mapseal/core'
import { sealFolder } from '@mapseal/core/folder'
import { run } from '../company/builds.ts'
import type { Host } from '../company/grid.ts'
import { pluginMaker } from '../matrix/plugin.ts'
import type { Bundler } from '../matrix/types.ts'

export const subjects = ['vite8', 'vite7', 'rollup', 'rolldown', 'webpack', 'rspack', 'esbuild', 'seal'] as const
export type Subject = (typeof subjects)[number]

/** Builds the project in `dir` into `dir/out`, or seals that folder. Rejects as its own call does. */
export async function work(subject: Subject, dir: string, vault: string): Promise<void> {
  const logger = { info: () => {}, warn: () => {}, error: () => {} }
  const options: Options = { vault, release: '1.2.3', onError: 'fail', logger }
  if (subject === 'seal') return void (await sealFolder('out', options, dir))
  const plugins = (await pluginMaker(subject as Bundler, options))() as unknown[]
  await run[subject as Host]({ dir, outDir: join(dir, 'out'), plugins: plugins.flat() as never[], minimize: false })
}

/** What is there before: the project, and what `seal` is to seal, which esbuild builds into `template/out`. */
export async function prepare(subject: Subject, template: string, dir: string): Promise<void> {
  await cp(template, dir, {
    recursive: true,
    filter: source => subject === 'seal' || !source.startsWith(join(template, 'out')),
  })
}
