import { resolve } from 'node:path'
import {
  type ConnectedOptions,
  isAskedFor,
  type MapSetting,
  MapsealError,
  openVault,
  refuseVaultIn,
  settleOutput,
} from '@mapseal/core'
import type { Plugin, ResolvedConfig } from 'vite'
import { rollupBuild } from './build.ts'
import { settleChanged } from './custody.ts'
import { rollupPlugins } from './host.ts'
import { mapSettingOf } from './output-maps.ts'
import { sealName } from './seal-plugin.ts'
import { rollupSession } from './session.ts'
import { appBuild } from './vite/app-build.ts'
import { isDroppedFacade, isPageEntry, isUnsplit } from './vite/chunks.ts'
import { frameworkOf, isFollowed } from './vite/frameworks.ts'
import { type MapSettings, mapSettings } from './vite/map-settings.ts'
import { type AroundHook, flatPlugins, showOwnSetting } from './vite/nested-builds.ts'
import { takingNestedMaps } from './vite/nested-maps.ts'
import { mayReadMaps } from './vite/other-plugins.ts'
import { type OwnSettings, ownSettingsReader } from './vite/own-settings.ts'
import { keepIdsLast } from './vite/preload-code.ts'
import { beforeRebuild } from './vite/rebuilt-maps.ts'
import { releaseScriptPath, releaseTags } from './vite/release-script.ts'
import { resolvedConfigs } from './vite/resolved-configs.ts'
import { isStage, stagesPlugin } from './vite/stages.ts'
import { type Entries, inputsOf, isOnlyLoaded } from './vite/starts.ts'
import { rememberHooks } from './vite/wrapped-hooks.ts'
import type { ViteHooks } from './vite-hooks.ts'

/** All Vites: what {@link rollupPlugins} do, in every environment and worker, and the release in a script of its own. */
export function viteHost(options: ConnectedOptions): Plugin[] {
  return vitePlugins(options, { isWorker: false, isWatch: () => false, mapSetting: () => 'unset' })
}

/** @param outer the build of which this is a part */
function vitePlugins(
  options: ConnectedOptions,
  outer: Pick<ViteHooks, 'isWorker' | 'isWatch' | 'mapSetting'>,
): Plugin[] {
  let config: ResolvedConfig | undefined
  const readOwnSettings = ownSettingsReader()
  let own: OwnSettings | undefined
  let settings: MapSettings | undefined
  /** By environment. */
  const entries = new Map<string | undefined, Entries>()
  let wantsWatch = false
  let setting: MapSetting = 'unset'
  /** Vite gives it to plugins from 7.0 on. */
  let viteVersion: string | undefined
  let areHooksWrapped = () => false
  const mapSetting = () => (outer.isWorker ? outer.mapSetting() : setting)
  const isWatch = () => wantsWatch || Boolean(config?.build.watch) || outer.isWatch()
  const configs = resolvedConfigs()
  const find = (input: object, context: object) => {
    const found = configs.of(input, context)
    if (!found) return { root: process.cwd(), outDir: '', isFollowed: false }
    return { root: found.root, outDir: found.build.outDir, isFollowed: isFollowed(found) }
  }
  const session = rollupSession(options, { find, isAlwaysClosed: true })
  /** What is one chunk is often put into the page, where a second script would be one too many: the chunk carries it. */
  let isOneChunk = false
  let hasPages = true
  /** The one of our plugins with the hook for pages. */
  let page: Plugin | undefined
  const releaseScript = () => (config && hasPages && !isOneChunk ? releaseScriptPath(session, config) : undefined)
  const app = appBuild(options, isWatch)

  const aroundEnding: AroundHook = async call => {
    const isSealed = setting !== 'off' && settleOutput(options, setting).output === 'sealed'
    if (!config || !isSealed || isWatch() || !session.isOpen()) return call()
    return takingNestedMaps(outDirsOf(config), () => session.current(), call)
  }

  const build = rollupBuild(options, {
    session,
    isWorker: outer.isWorker,
    root: () => config?.root ?? process.cwd(),
    isWatch,
    mapSetting,
    outputStarted(output) {
      isOneChunk = isUnsplit(output)
    },
    buildStarted(input, context) {
      if (session.isNested(input, context)) return
      const { environment } = context as Context
      const { build } = environment?.config ?? (config as ResolvedConfig)
      entries.set(environment?.name, {
        own: own?.inputs ?? [],
        all: inputsOf(input.input),
        isServer: environment?.config.consumer === 'server' || Boolean(build.ssr),
      })
      if (!outer.isWorker) settings?.announce(environment?.name, build.outDir)
    },
    outputMapsBy(sourcemap, context) {
      const { environment } = context as Context
      const { build } = environment?.config ?? (config as ResolvedConfig)
      if ((build.sourcemap || false) === (sourcemap || false)) return 'vite'
      return own?.outputs.includes(sourcemap) ? 'user' : 'plugin'
    },
    isMapWatched: () => config === undefined || areHooksWrapped() || config.plugins.some(mayReadMaps),
    areHooksWrapped: () => areHooksWrapped(),
    releaseScript: chunk => (isPageEntry(chunk) ? releaseScript() : undefined),
    isOnlyLoaded(chunk, context) {
      const { environment } = context as Context
      const known = entries.get(environment?.name)
      return known !== undefined && isOnlyLoaded(chunk, known, context)
    },
    isDroppedFacade: chunk => isDroppedFacade(chunk, viteVersion),
  })
  const [inject, seal] = rollupPlugins(build) as unknown as [Plugin, Plugin]

  const pageHook: Plugin['transformIndexHtml'] = {
    order: 'post',
    handler(_html, { bundle, path }) {
      const file = releaseScript()
      return config && file && bundle && !isWatch() ? releaseTags(config, bundle, file, path) : []
    },
  }

  return [
    {
      ...inject,
      enforce: 'post',
      applyToEnvironment: environment => !isStage(environment),
      // Called before all `config` hooks, and so with what the user wrote.
      apply(user, { command }) {
        own = readOwnSettings(user)
        return command === 'build'
      },

      config: {
        order: 'post',
        async handler(user) {
          wantsWatch ||= Boolean(user.build?.watch)
          const plugins = await flatPlugins(user.plugins)
          page ??= plugins.find(plugin => plugin.transformIndexHtml === pageHook)
          hasPages = !plugins.some(warnsOfPageHook)
          if (page) page.transformIndexHtml = hasPages ? pageHook : undefined
          const read = own ?? readOwnSettings(user)
          setting = settingOf(read)
          await showOwnSetting(user.plugins, read.root, aroundEnding)
          settings = mapSettings(read, options, {
            root: user.root ?? process.cwd(),
            isWatch: isWatch(),
            framework: frameworkOf(plugins),
          })
          const worker = { plugins: () => vitePlugins(options, { isWorker: true, isWatch, mapSetting }) }
          return { ...settings.decideRoot(user.build), worker }
        },
      },

      configEnvironment: {
        order: 'post',
        handler: (name, environment) => settings?.decideEnvironment(name, environment.build),
      },

      configResolved: {
        // Before plugins that wrap hooks of Vite's plugins, see `keepIdsLast` and `rememberHooks`.
        order: 'pre',
        handler(resolved) {
          config = resolved
          if (!outer.isWorker) requireSeal(resolved)
          configs.add(resolved)
          viteVersion = versionOf(this)
          if (!('environments' in resolved)) keepIdsLast(resolved)
          else if (viteVersion === undefined && !outer.isWorker) app.wrap(resolved)
          beforeRebuild(resolved, (output, bundle) => {
            if (session.isOpen()) settleChanged(build.sealingOf(output, bundle))
          })
          areHooksWrapped = rememberHooks(resolved.plugins)
          const { location } = openVault(options.vault, resolved.root)
          // Vite copies it into the output.
          if (resolved.publicDir) refuseVaultIn(resolved.publicDir, location, resolved.root)
        },
      },

      transformIndexHtml: pageHook,

      buildApp: { order: 'pre', handler: app.open },
    },
    {
      ...seal,
      enforce: 'post',
      apply: 'build',
      applyToEnvironment: environment => !isStage(environment),
      buildApp: { order: 'post', handler: app.finish },
    },
    ...(outer.isWorker ? [] : [stagesPlugin()]),
  ]
}

function outDirsOf({ root, build, environments = {} }: ResolvedConfig): string[] {
  const dirs = [build, ...Object.values(environments).map(environment => environment.build)]
  return [...new Set(dirs.map(({ outDir }) => resolve(root, outDir)))]
}

/** Tools with a list of their own may take the first of an array of plugins alone: source maps would be made, and left in the output. */
function requireSeal({ plugins }: ResolvedConfig): void {
  if (plugins.some(({ name }) => name === sealName)) return
  throw new MapsealError(
    'vite',
    'only a part of the plugins that mapseal() returns was added. Add all of them; for Quasar, write "vitePlugins: [[mapseal, {}]]".',
  )
}

/** SvelteKit, which makes the pages itself, warns of plugins with a hook for them. */
function warnsOfPageHook({ name }: Plugin): boolean {
  return name.startsWith('vite-plugin-sveltekit-')
}

/** What the user set for the root, or where that asks for no maps, for an environment that does. */
function settingOf({ root, environments }: OwnSettings): MapSetting {
  const settings = [root, ...environments.values()].map(mapSettingOf)
  return settings.find(isAskedFor) ?? mapSettingOf(root)
}

/** What Vite adds to a plugin's context, from 6.0 on. */
interface Context {
  environment?: { name: string; config: Pick<ResolvedConfig, 'build'> & { consumer?: string } }
}

function versionOf(context: unknown): string | undefined {
  return (context as { meta?: { viteVersion?: string } } | undefined)?.meta?.viteVersion
}
