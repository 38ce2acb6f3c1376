import { dirname, resolve } from 'node:path'
import { type ConnectedOptions, isAskedFor, type MapSetting } from '@mapseal/core'
import type {
  NormalizedOutputOptions,
  OutputBundle,
  OutputOptions,
  Plugin,
  PluginContext,
  PluginContextMeta,
} from 'rollup'
import type { BundleSealing, Stamp } from './bundle.ts'
import { isKnown } from './known-plugins.ts'
import type { NoteLeftMap } from './render-watch.ts'
import { type RollupSession, rollupSession } from './session.ts'
import { leftModules, type NoteLeftModule } from './transform-watch.ts'
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
  carriesRelease(chunk: NamedChunk, context: PluginContext): boolean
  /** Learns from the list of plugins, before it is resolved, which tool builds. */
  meetTool(plugins: unknown): void
  /** Learns which other plugins take part. */
  meet(plugins: readonly unknown[] | undefined): void
  /** Whether a tool builds that switches source maps off where its user wrote nothing: tsdown or unbuild. */
  hasOwnDefault(): boolean
  /** Whether one of them may change the bundle after us. */
  isBundleWatched(): boolean
  noteLeftMap: NoteLeftMap
  noteLeftModule: NoteLeftModule
  /** Keeps what the user set for the maps of an output. */
  noteSetting(output: OutputOptions, setting: MapSetting): void
  /** Whether the source maps of an output stay in it. */
  keepsMaps(output: NormalizedOutputOptions): boolean
  sealingOf(output: NormalizedOutputOptions, bundle: OutputBundle): BundleSealing
}

export function rollupBuild(options: ConnectedOptions, vite: ViteHooks | undefined): RollupBuild {
  const find = () => ({ root: process.cwd(), outDir: '', isFollowed: false })
  const session = vite?.session ?? rollupSession(options, { find, isAlwaysClosed: false })
  const stamps = new Map<string, Stamp>()
  /** By an output's options, which are the same object in all its hooks. */
  const byOutput = new WeakMap<object, OutputState>()
  const stateOf = (output: object): OutputState => {
    const state = byOutput.get(output) ?? { held: new Map(), paired: new Map(), leftMaps: new Map() }
    byOutput.set(output, state)
    return state
  }
  const settings = new Map<string, MapSetting>()
  const settingOf = (output: NormalizedOutputOptions) => vite?.mapSetting() ?? settings.get(outputKey(output))
  const left = leftModules()
  let isWatched = false
  let hasOwnDefault = false
  return {
    options,
    vite,
    session,
    stamps,
    owner: {},
    isWatch: meta => meta.watchMode || vite?.isWatch() === true,
    carriesRelease: (chunk, context) =>
      chunk.isEntry &&
      !vite?.isWorker &&
      vite?.releaseScript(chunk) === undefined &&
      vite?.isOnlyLoaded(chunk, context) !== true,
    meetTool(plugins) {
      const names = [plugins].flat(Number.POSITIVE_INFINITY).map(plugin => (plugin as Plugin | undefined)?.name)
      hasOwnDefault = names.some(name => typeof name === 'string' && /^(?:tsdown:|unbuild-)/.test(name))
    },
    // Release candidates of Rolldown do not list them.
    meet(plugins = []) {
      isWatched ||= vite?.areHooksWrapped() === true || plugins.some(mayChangeBundle)
    },
    hasOwnDefault: () => hasOwnDefault,
    isBundleWatched: () => isWatched,
    noteLeftMap: (output, chunk, plugin) => void stateOf(output).leftMaps.set(chunk, plugin),
    noteLeftModule: left.note,
    noteSetting: (output, setting) => void settings.set(outputKey(output), setting),
    keepsMaps(output) {
      if (options.output !== 'configured') return options.output === 'keep'
      return isAskedFor(settingOf(output) ?? 'unset')
    },
    sealingOf(output, bundle) {
      const { root, outDir } = session.placeOf(output)
      const dir = output.dir ?? (output.file ? dirname(output.file) : outDir)
      const setting = settingOf(output) ?? 'hidden'
      return {
        bundle,
        root,
        outDir: resolve(root, dir),
        session: session.current(output),
        stamps,
        left,
        setting,
        ...stateOf(output),
      }
    },
  }
}

type OutputState = Pick<BundleSealing, 'held' | 'paired' | 'leftMaps'>

/** Tells apart the outputs of one build, before and after the bundler has completed their options. */
function outputKey({ dir, file, entryFileNames }: OutputOptions | NormalizedOutputOptions): string {
  return [dir, file, typeof entryFileNames === 'string' ? entryFileNames : '[name].js'].join('\0')
}

/** @param plugin of a list that may have gaps and promises */
function mayChangeBundle(plugin: unknown): boolean {
  if (plugin instanceof Promise) return true
  const known = plugin as Plugin | null | false | undefined
  return Boolean(known && known.generateBundle !== undefined && !isKnown(known))
}
