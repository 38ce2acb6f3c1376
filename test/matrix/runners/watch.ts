import { createRsbuild } from '@rsbuild/core'
import type { Plugin } from 'esbuild'
import type { RollupWatcher } from 'rollup'
import type { Compiler } from 'webpack'
import { type BundleCase, type Bundler, bundleCase, type Place } from '../types.ts'
import { esbuildOf, esbuildOptions } from './esbuild.ts'
import { inputsOf } from './input.ts'
import { rolldownOf } from './rolldown.ts'
import { rollupOf, rollupOutput } from './rollup.ts'
import { rsbuildConfig } from './rsbuild.ts'
import { viteConfig, viteOf } from './vite.ts'
import { webpackConfig, webpackOf } from './webpack.ts'

export interface Watching {
  /** Waits for the end of the next build. */
  next(): Promise<void>
  close(): Promise<unknown>
}

type Start = (place: Place, done: (error?: unknown) => void) => Promise<() => unknown>

const fixture: BundleCase = bundleCase({ about: '', sources: 'chunks', isHashed: false })

/** Without Bun, which has no watch mode in its API, and Farm, whose watch mode is a development build. */
const starters: Partial<Record<Bundler, Start>> = {
  vite8: startVite,
  vite7: startVite,
  rollup: startRollup,
  rolldown: startRolldown,
  webpack: startWebpack,
  rspack: startWebpack,
  esbuild: startEsbuild,
  rsbuild: startRsbuild,
}

/** Builds `src/main.js` of the project, and again whenever a source changes. */
export async function startWatching(place: Place): Promise<Watching> {
  const ends = queue()
  const start = starters[place.bundler]
  if (!start) throw new Error(`${place.bundler} is not watched here`)
  const close = await start(place, ends.push)
  return { next: ends.shift, close: async () => close() }
}

/** Builds that ended, and those who wait for one. */
function queue(): { push(error?: unknown): void; shift(): Promise<void> } {
  const ended: unknown[] = []
  let wake: (() => void) | undefined
  return {
    push(error) {
      ended.push(error)
      wake?.()
    },
    async shift() {
      if (ended.length === 0) await new Promise<void>(resolve => (wake = resolve))
      wake = undefined
      const error = ended.shift()
      if (error) throw error
    },
  }
}

async function startRollup(place: Place, done: (error?: unknown) => void): Promise<() => unknown> {
  const { watch } = await rollupOf(place)
  const watcher = watch({
    input: inputsOf(fixture, place),
    plugins: place.plugins(),
    output: rollupOutput(fixture, place),
    onwarn: () => {},
  })
  listen(watcher, done)
  return () => watcher.close()
}

async function startRolldown(place: Place, done: (error?: unknown) => void): Promise<() => unknown> {
  const output = rollupOutput(fixture, place) as object
  const { watch } = await rolldownOf(place)
  const watcher = watch({ cwd: place.dir, input: inputsOf(fixture, place), plugins: place.plugins(), output })
  listen(watcher as unknown as RollupWatcher, done)
  return () => watcher.close()
}

async function startVite(place: Place, done: (error?: unknown) => void): Promise<() => unknown> {
  const config = viteConfig(fixture, place)
  const watcher = await (await viteOf(place)).build({ ...config, build: { ...config.build, watch: {} } })
  listen(watcher as unknown as RollupWatcher, done)
  return () => (watcher as unknown as RollupWatcher).close()
}

function listen(watcher: RollupWatcher, done: (error?: unknown) => void): void {
  watcher.on('event', async event => {
    if (event.code === 'BUNDLE_END') await event.result.close()
    if (event.code === 'END') done()
    if (event.code === 'ERROR') done(event.error)
  })
}

async function startWebpack(place: Place, done: (error?: unknown) => void): Promise<() => unknown> {
  const compiler = webpackOf(place)(webpackConfig(fixture, place)) as Compiler
  compiler.watch({ aggregateTimeout: 20 }, (error, stats) => {
    done(error ?? (stats?.hasErrors() ? new Error(stats.toString({ all: false, errors: true })) : undefined))
  })
  return () => new Promise<void>(resolve => compiler.close(() => resolve()))
}

async function startEsbuild(place: Place, done: (error?: unknown) => void): Promise<() => unknown> {
  const options = esbuildOptions(fixture, place)
  const last: Plugin = { name: 'last', setup: build => build.onEnd(({ errors }) => done(errors[0])) }
  const { context: createContext } = await esbuildOf(place)
  const context = await createContext({ ...options, plugins: [...(options.plugins ?? []), last] })
  await context.watch()
  return () => context.dispose()
}

async function startRsbuild(place: Place, done: (error?: unknown) => void): Promise<() => unknown> {
  const rsbuild = await createRsbuild({ cwd: place.dir, config: rsbuildConfig(fixture, place) })
  rsbuild.onAfterBuild(({ stats }) => done(stats?.hasErrors() ? new Error(stats.toString({})) : undefined))
  const { close } = await rsbuild.build({ watch: true })
  return close
}
