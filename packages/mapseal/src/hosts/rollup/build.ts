import { dirname, resolve } from 'node:path'
import type { ConnectedOptions } from '@mapseal/core'
import type { NormalizedOutputOptions, OutputBundle, OutputOptions, Plugin, PluginContextMeta } from 'rollup'
import type { BundleSealing, Stamp } from './bundle.ts'
import { isKnown } from './known-plugins.ts'
import { type RollupSession, rollupSession } from './session.ts'
import type { NamedChunk, ViteHooks } from './vite-hooks.ts'

/** One instance of the plugin: what its two halves share. */
export interface RollupBuild {
  options: ConnectedOptions
  vite: ViteHooks | undefined
  session: RollupSession
  /** By absolute path: outputs that differ in their folder alone may be in work at the same time. */
  stamps: Map<string, Stamp>
  /** Claims files in the session. */
  owner: object
  isWatch(meta: PluginContextMeta): boolean
  /** Whether the chunk itself names the release, rather than a script of the release's own. */
  carriesRelease(chunk: NamedChunk): boolean
  /** Learns which other plugins take part. */
  meet(plugins: readonly Plugin[]): void
  /** Whether one of them may change the bundle after us. */
  isBundleWatched(): boolean
  /** Learns that the configuration asks for source maps of an output. */
  noteOwnMaps(output: OutputTarget): void
  /** Whether the source maps of an output stay in it. */
  keepsMaps(output: OutputTarget): boolean
  sealingOf(output: NormalizedOutputOptions, bundle: OutputBundle): BundleSealing
}

/** What tells outputs apart, before and after Rollup has normalized their options. */
type OutputTarget = Pick<OutputOptions, 'dir' | 'file' | 'entryFileNames'>

export function rollupBuild(options: ConnectedOptions, vite: ViteHooks | undefined): RollupBuild {
  const root = () => vite?.root() ?? process.cwd()
  const session = vite?.session ?? rollupSession(options, { root, isAlwaysClosed: false })
  const stamps = new Map<string, Stamp>()
  /** By an output's options, which are the same object in all its hooks. */
  const heldByOutput = new WeakMap<object, BundleSealing['held']>()
  const withOwnMaps = new Set<string>()
  const targetOf = ({ dir, file, entryFileNames }: OutputTarget) => JSON.stringify([dir, file, String(entryFileNames)])
  let isWatched = false
  return {
    options,
    vite,
    session,
    stamps,
    owner: {},
    isWatch: meta => meta.watchMode || vite?.isWatch() === true,
    carriesRelease: chunk => chunk.isEntry && !vite?.isWorker && vite?.releaseScript(chunk) === undefined,
    meet(plugins) {
      isWatched ||= plugins.some(mayChangeBundle)
    },
    isBundleWatched: () => isWatched,
    noteOwnMaps: output => void withOwnMaps.add(targetOf(output)),
    keepsMaps(output) {
      if (options.output !== 'configured') return options.output === 'keep'
      return vite?.hasOwnMaps() ?? withOwnMaps.has(targetOf(output))
    },
    sealingOf(output, bundle) {
      const dir = output.dir ?? (output.file ? dirname(output.file) : (vite?.outDir() ?? ''))
      const held = heldByOutput.get(output) ?? new Map()
      heldByOutput.set(output, held)
      return { bundle, outDir: resolve(root(), dir), session: session.current(output), stamps, held }
    },
  }
}

function mayChangeBundle(plugin: Plugin): boolean {
  return plugin.generateBundle !== undefined && !isKnown(plugin)
}
