import { dirname, resolve } from 'node:path'
import type { ConnectedOptions } from '@mapseal/core'
import type { NormalizedOutputOptions, OutputBundle, PluginContextMeta } from 'rollup'
import type { BundleSealing, Stamp } from './bundle.ts'
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
  sealingOf(output: NormalizedOutputOptions, bundle: OutputBundle): BundleSealing
}

export function rollupBuild(options: ConnectedOptions, vite: ViteHooks | undefined): RollupBuild {
  const root = () => vite?.root() ?? process.cwd()
  const session = vite?.session ?? rollupSession(options, { root, isAlwaysClosed: false })
  const stamps = new Map<string, Stamp>()
  return {
    options,
    vite,
    session,
    stamps,
    owner: {},
    isWatch: meta => meta.watchMode || vite?.isWatch() === true,
    carriesRelease: chunk => chunk.isEntry && !vite?.isWorker && vite?.releaseScript(chunk) === undefined,
    sealingOf(output, bundle) {
      const dir = output.dir ?? (output.file ? dirname(output.file) : (vite?.outDir() ?? ''))
      return { bundle, outDir: resolve(root(), dir), session: session.current(), stamps }
    },
  }
}
