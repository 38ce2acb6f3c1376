import { type ConnectedOptions, isAskedFor, openVault, refuseVaultIn } from '@mapseal/core'
import type { Plugin, ResolvedConfig, UserConfig } from 'vite'
import { rollupHost } from './host.ts'
import { mapSettingOf } from './output-maps.ts'
import { rollupSession } from './session.ts'
import { appBuild } from './vite/app-build.ts'
import { isDroppedFacade, isPageEntry, isUnsplit } from './vite/chunks.ts'
import { decideEnvironmentMaps, decideRootMaps } from './vite/map-settings.ts'
import { showOwnSetting } from './vite/nested-builds.ts'
import { mayReadMaps } from './vite/other-plugins.ts'
import { keepIdsLast } from './vite/preload-code.ts'
import { releaseScriptPath, releaseTags } from './vite/release-script.ts'
import type { ViteHooks } from './vite-hooks.ts'

/** All Vites: what {@link rollupHost} does, in every environment and worker, and the release in a script of its own. */
export function viteHost(options: ConnectedOptions): Plugin[] {
  return vitePlugins(options, { isWorker: false, isWatch: () => false, hasOwnMaps: () => false })
}

/** @param outer the build of which this is a part */
function vitePlugins(
  options: ConnectedOptions,
  outer: Pick<ViteHooks, 'isWorker' | 'isWatch' | 'hasOwnMaps'>,
): Plugin[] {
  let config: ResolvedConfig | undefined
  let wantsWatch = false
  let asksForMaps = false
  /** Vite may merge what we set into the config that it was given, and resolve that once more. */
  function noteOwnMaps({ build, environments = {} }: UserConfig): void {
    const builds = [build, ...Object.values(environments).map(environment => environment.build)]
    if (!config) asksForMaps = builds.some(each => isAskedFor(mapSettingOf(each?.sourcemap)))
  }
  /** Vite gives it to plugins from 7.0 on. */
  let viteVersion: string | undefined
  const isWatch = () => wantsWatch || Boolean(config?.build.watch) || outer.isWatch()
  const hasOwnMaps = () => asksForMaps || outer.hasOwnMaps()
  const root = () => config?.root ?? process.cwd()
  const session = rollupSession(options, { root, isAlwaysClosed: true })
  /** What is one chunk is often put into the page, where a second script would be one too many: the chunk carries it. */
  let isOneChunk = false
  const releaseScript = () => (config && !isOneChunk ? releaseScriptPath(session, config) : undefined)
  const app = appBuild(options, { root, isWatch })

  const [inject, seal] = rollupHost(options, {
    session,
    isWorker: outer.isWorker,
    root,
    outDir: () => config?.build.outDir ?? '',
    isWatch,
    hasOwnMaps,
    outputStarted(output) {
      isOneChunk = isUnsplit(output)
    },
    isMapWatched: () => config === undefined || config.plugins.some(mayReadMaps),
    releaseScript: chunk => (isPageEntry(chunk) ? releaseScript() : undefined),
    isDroppedFacade: chunk => isDroppedFacade(chunk, viteVersion),
  }) as unknown as [Plugin, Plugin]

  return [
    {
      ...inject,
      enforce: 'post',
      apply: 'build',

      config: {
        order: 'post',
        async handler(user) {
          wantsWatch ||= Boolean(user.build?.watch)
          noteOwnMaps(user)
          await showOwnSetting(user.plugins, user.build?.sourcemap)
          const worker = { plugins: () => vitePlugins(options, { isWorker: true, isWatch, hasOwnMaps }) }
          return { ...decideRootMaps(user.build, isWatch(), options), worker }
        },
      },

      configEnvironment: {
        order: 'post',
        handler: (_name, environment) => decideEnvironmentMaps(environment.build, isWatch(), options),
      },

      configResolved: {
        // Before plugins that wrap the same of Vite's plugins, see `keepIdsLast`.
        order: 'pre',
        handler(resolved) {
          config = resolved
          viteVersion = versionOf(this)
          if (!('environments' in resolved)) keepIdsLast(resolved)
          else if (viteVersion === undefined && !outer.isWorker) app.wrap(resolved)
          const { location } = openVault(options.vault, resolved.root)
          // Vite copies it into the output.
          if (resolved.publicDir) refuseVaultIn(resolved.publicDir, location, resolved.root)
        },
      },

      transformIndexHtml: {
        order: 'post',
        handler(_html, { bundle, path }) {
          const file = releaseScript()
          return config && file && bundle && !isWatch() ? releaseTags(config, bundle, file, path) : []
        },
      },

      buildApp: { order: 'pre', handler: app.open },
    },
    { ...seal, enforce: 'post', apply: 'build', buildApp: { order: 'post', handler: app.finish } },
  ]
}

function versionOf(context: unknown): string | undefined {
  return (context as { meta?: { viteVersion?: string } } | undefined)?.meta?.viteVersion
}
