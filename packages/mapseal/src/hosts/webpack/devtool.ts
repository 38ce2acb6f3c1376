import {
  announceOnce,
  decideMaps,
  isAskedFor,
  type MapDecision,
  type MapSetting,
  type ResolvedOptions,
} from '@mapseal/core'
import type { Compiler } from 'webpack'
import { hideFromStyles } from './style-maps.ts'

type Devtool = Compiler['options']['devtool']

/**
 * Decides on `devtool` when all plugins have had their say and before webpack acts on it. `eval` in development mode is
 * webpack's own default, and a development server's maps are for the developer, so both are left.
 *
 * @param name what users call the setting, quoted
 */
export function decideDevtool(
  compiler: Compiler,
  options: ResolvedOptions,
  name: string | undefined = nameOf(compiler),
): void {
  const wasUnset = compiler.options.devtool === undefined || isNextDefault(compiler)
  const isDefault = isVueDefault(compiler)
  compiler.hooks.afterEnvironment.tap({ name: 'mapseal', stage: 1000 }, () => {
    const { devtool, mode, watch } = compiler.options
    if (isDevServer()) return
    if (mode === 'development' && (wasUnset || devtool === 'eval')) return
    const setting = (wasUnset && !devtool) || isDefault ? 'unset' : settingOf(devtool)
    const isSealed = options.output === 'sealed'
    if (setting === 'off' && setsMapsByPlugin(compiler)) return void (isSealed && hideFromStyles(compiler))
    const decide = (isWatch: boolean) => decideMaps(setting, isWatch, name ?? '', options.output)
    if (name) announceWhenRun(compiler, options, decide)
    const { use } = decide(watch === true)
    const isOn = use === 'hidden' || (use === 'leave' && isAskedFor(setting))
    if (isOn && isSealed) hideFromStyles(compiler)
    if ((isOn && isSealed) || isOn !== isAskedFor(settingOf(devtool))) separateCache(compiler, isOn)
    if (use === 'leave') return
    applyDevtool(compiler, isOn ? hidden(devtool) : false)
  })
}

/** `compiler.watch()` watches without the option, and by then webpack has read `devtool`. */
function announceWhenRun(
  compiler: Compiler,
  { logger }: ResolvedOptions,
  decide: (isWatch: boolean) => MapDecision,
): void {
  let isAnnounced = false
  const announce = (isWatch: boolean) => announceOnce(decide(isWatch), logger, compiler.context, partOf(compiler))
  compiler.hooks.beforeRun.tap('mapseal', () => announce(false))
  compiler.hooks.watchRun.tap('mapseal', () => {
    if (!isAnnounced) announce(true)
    isAnnounced = true
  })
}

/**
 * Sets it for the time in which the bundler reads it. Afterwards other plugins see what was set before: with ours, builds that they
 * start would make source maps of scripts that we never see.
 */
function applyDevtool({ options, hooks }: Compiler, devtool: Devtool): void {
  const before = options.devtool
  options.devtool = devtool
  hooks.afterPlugins.tap({ name: 'mapseal', stage: Number.NEGATIVE_INFINITY }, () => {
    if (options.devtool === devtool) options.devtool = before
  })
}

/**
 * Keeps apart what persistent caches hold with and without us. Modules that were built without source maps have none when they
 * are restored, those of style sheets have theirs in the code, and neither bundler looks at `devtool` to tell whether its cache is
 * still valid.
 */
function separateCache({ options: { cache } }: Compiler, isOn: boolean): void {
  if (typeof cache !== 'object' || cache.type === 'memory') return
  cache.version = `${cache.version ?? ''} source maps ${isOn ? 'on' : 'off'}`
}

/** Next.js sets `devtool` in every build: to `false`, unless users ask for public maps. */
function isNextDefault(compiler: Compiler): boolean {
  return compiler.options.devtool === false && isNext(compiler)
}

/** Vue CLI makes visible source maps unless users set `productionSourceMap`. */
function isVueDefault({ options: { devtool } }: Compiler): boolean {
  return devtool === 'source-map' && 'VUE_CLI_SERVICE' in process
}

function isNext({ options }: Compiler): boolean {
  const { alias } = options.resolve ?? {}
  return Object.keys(alias ?? {}).some(name => name.startsWith('private-next-'))
}

/** Undefined where Next.js alone may have set it, as it does for its edge runtime. */
function nameOf(compiler: Compiler): string | undefined {
  if (!isNext(compiler)) return '"devtool"'
  return compiler.options.name === 'client' ? '"productionBrowserSourceMaps"' : undefined
}

/** Tells apart the compilers of one command. */
function partOf({ options: { name, entry, output } }: Compiler): string {
  return JSON.stringify([name, entry, output.path])
}

/** The setting as it is before other plugins may change it. */
export function setDevtool(compiler: Compiler): MapSetting {
  const { devtool } = compiler.options
  if (devtool === undefined) return 'unset'
  return !devtool && setsMapsByPlugin(compiler) ? 'visible' : settingOf(devtool)
}

/** webpack-cli and Rspack's CLI say so; a server in the program itself shows by its file system in memory. */
export function isDevServer(compiler?: Compiler): boolean {
  if (process.env.WEBPACK_SERVE === 'true' || process.env.RSPACK_SERVE === 'true') return true
  return compiler !== undefined && isInMemory(compiler)
}

/** Whether the files go to memfs, under either of its faces. */
function isInMemory({ outputFileSystem }: Compiler): boolean {
  return outputFileSystem != null && ('fromJSON' in outputFileSystem || '__vol' in outputFileSystem)
}

function settingOf(devtool: Devtool): MapSetting {
  const settings = names(devtool)
  if (settings.length === 0) return 'off'
  if (settings.every(name => name.startsWith('hidden'))) return 'hidden'
  return settings.some(name => /inline|eval/.test(name)) ? 'inline' : 'visible'
}

function names(devtool: Devtool): string[] {
  if (typeof devtool === 'string') return /source-?map/.test(devtool) ? [devtool] : []
  return Array.isArray(devtool) ? devtool.flatMap(({ use }) => names(use as Devtool)) : []
}

/** Keeps the quality (`cheap`, `module`, `nosources`, `debugids`) and changes where the map goes. */
function hidden(devtool: Devtool): Devtool {
  if (Array.isArray(devtool)) return devtool.map(entry => ({ ...entry, use: hidden(entry.use as Devtool) })) as Devtool
  if (typeof devtool !== 'string') return 'hidden-source-map'
  return `hidden-${devtool.replace(/^(?:inline-|hidden-|eval-)+/, '')}` as Devtool
}

function setsMapsByPlugin(compiler: Compiler): boolean {
  return compiler.options.plugins.some(plugin => /SourceMapDevToolPlugin$/.test(plugin?.constructor.name ?? ''))
}
