import type { Plugin, ResolvedConfig } from 'vite'
import { isKnown } from '../known-plugins.ts'

type SourceMapSetting = ResolvedConfig['build']['sourcemap']

/** Hooks by which a plugin changes code: its changes are part of the maps, so it must see that there are maps. */
const changing = ['transform', 'renderChunk', 'banner', 'footer', 'intro', 'outro'] as const

/** Hooks at the end of a build: what a plugin writes before them is removed when Vite empties the output folder. */
const ending = ['generateBundle', 'writeBundle', 'closeBundle'] as const

/** Hooks in which a plugin may build other scripts, with another bundler or a build of Vite's own. */
const building = ['buildStart', 'buildEnd', ...ending, 'buildApp'] as const

/** Warns of maps that would be public. */
const warning = 'react-router:warn-on-client-source-maps'

/** Calls a hook of another plugin. */
export type AroundHook = <Result>(call: () => Promise<Result>) => Promise<Result>

/**
 * Shows the setting that the user wrote to plugins that may start builds of their own: what we switch on is for what we seal, and
 * they would make public maps of scripts that we never see. A plugin that also changes code sees it in the hooks in which it may
 * build something, and ours in all others. Plugins that come from one factory, or share the first part of their names, are looked
 * at together, since one of them often reads the settings for all.
 *
 * @param around calls the last hooks of a plugin that may have kept our setting
 */
export async function showOwnSetting(
  plugins: unknown,
  sourcemap: SourceMapSetting | undefined,
  around: AroundHook,
): Promise<void> {
  const own = sourcemap ?? false
  for (const group of await groupsOf(plugins)) {
    const isBuilding = group.some(plugin => building.some(hook => plugin[hook as keyof Plugin] !== undefined))
    const isChanging = group.some(plugin => changing.some(hook => plugin[hook] !== undefined))
    if (isBuilding && isChanging) showWhileBuilding(group, own, around)
    const misled = isBuilding && !isChanging ? group : group.filter(({ name }) => name === warning)
    for (const plugin of misled) showSetting(plugin, () => own)
  }
}

async function groupsOf(plugins: unknown): Promise<Plugin[][]> {
  const given = await plugins
  const byOrigin = await Promise.all((Array.isArray(given) ? given : [given]).map(flatPlugins))
  const groups: Plugin[][] = []
  for (const origin of byOrigin) {
    const ofBuild = origin.filter(({ apply }) => apply !== 'serve')
    const known = groups.find(group => group.some(a => ofBuild.some(b => familyOf(a) === familyOf(b))))
    if (known) known.push(...ofBuild)
    else groups.push(ofBuild)
  }
  return groups
}

/** `vite-plugin-pwa` of `vite-plugin-pwa:build`. */
function familyOf({ name = '' }: Plugin): string {
  const [scope = '', rest] = name.split(/[:/]/, 2)
  return scope === 'vite' || scope.startsWith('@') ? `${scope}:${rest}` : scope
}

/** The plugins of a list as Vite takes it: nested, with promises and gaps. */
export async function flatPlugins(plugins: unknown): Promise<Plugin[]> {
  const found = await plugins
  if (Array.isArray(found)) return (await Promise.all(found.map(flatPlugins))).flat()
  return found ? [found as Plugin] : []
}

function showWhileBuilding(group: Plugin[], own: SourceMapSetting, around: AroundHook): void {
  if (!group.some(({ configResolved }) => configResolved) || group.some(isKnown)) return
  // Vite resolves one config several times.
  if (group.some(plugin => isWrapped(plugin, around) || Object.isFrozen(plugin))) return
  let running = 0
  const showing: AroundHook = async call => {
    running += 1
    try {
      return await call()
    } finally {
      running -= 1
    }
  }
  for (const plugin of group) {
    showSetting(plugin, ours => (running > 0 ? own : ours))
    for (const hook of building) wrapHook(plugin, hook, showing, around)
    for (const hook of ending) wrapHook(plugin, hook, around, around)
  }
}

interface Handler {
  (this: unknown, ...args: unknown[]): unknown
  [wrapper]?: AroundHook
}

const wrapper: unique symbol = Symbol('mapseal')

type Hooks = Partial<Record<(typeof building)[number], Handler | { handler: Handler }>>

const handlerOf = (hook: Handler | { handler: Handler }) => (typeof hook === 'function' ? hook : hook.handler)

function isWrapped(plugin: Plugin, mark: AroundHook): boolean {
  return Object.values(plugin as Hooks).some(hook => hook && handlerOf(hook)?.[wrapper] === mark)
}

/** @param mark by which `isWrapped` knows it */
function wrapHook(plugin: Plugin, name: (typeof building)[number], around: AroundHook, mark: AroundHook): void {
  const hooks = plugin as Hooks
  const hook = hooks[name]
  if (!hook) return
  const handler = handlerOf(hook)
  const wrapped: Handler = function (...args) {
    return around(async () => handler.apply(this, args))
  }
  wrapped[wrapper] = mark
  hooks[name] = typeof hook === 'function' ? wrapped : { ...hook, handler: wrapped }
}

/** What to show for a setting, called whenever it is read. */
type Shown = (ours: SourceMapSetting) => SourceMapSetting

function showSetting(plugin: Plugin, shown: Shown): void {
  const { configResolved } = plugin
  if (!configResolved) return
  const handler = typeof configResolved === 'function' ? configResolved : configResolved.handler
  const showing: typeof handler = function (config) {
    return handler.call(this, withSetting(config, shown))
  }
  plugin.configResolved = typeof configResolved === 'function' ? showing : { ...configResolved, handler: showing }
}

/** The same config but for the one setting: what a plugin changes in it, it changes for all. */
function withSetting(config: ResolvedConfig, shown: Shown): ResolvedConfig {
  const { environments } = config
  const build = buildWithSetting(config.build, shown)
  if (!environments?.client) return view(config, { build: () => build })
  const client = buildWithSetting(environments.client.build, shown)
  const clientView = view(environments.client, { build: () => client })
  const environmentsView = view(environments, { client: () => clientView })
  return view(config, { build: () => build, environments: () => environmentsView })
}

function buildWithSetting<Build extends { sourcemap: SourceMapSetting }>(build: Build, shown: Shown): Build {
  return view(build, { sourcemap: () => shown(build.sourcemap) })
}

/** The object with other values of some properties, for reading. */
function view<Target extends object>(object: Target, values: Record<PropertyKey, () => unknown>): Target {
  return new Proxy(object, {
    get: (target, key) => (Object.hasOwn(values, key) ? values[key]?.() : Reflect.get(target, key)),
  })
}
