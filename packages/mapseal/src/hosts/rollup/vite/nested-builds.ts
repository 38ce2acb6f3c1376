import type { Plugin, ResolvedConfig } from 'vite'

type SourceMapSetting = ResolvedConfig['build']['sourcemap']

/** Hooks by which a plugin changes code: its changes are part of the maps, so it must see that there are maps. */
const changing = ['transform', 'renderChunk', 'banner', 'footer', 'intro', 'outro'] as const

/** Hooks in which a plugin may build other scripts, with another bundler or a build of Vite's own. */
const building = ['buildStart', 'buildEnd', 'generateBundle', 'writeBundle', 'closeBundle', 'buildApp'] as const

/** Warns of maps that would be public. */
const warning = 'react-router:warn-on-client-source-maps'

/**
 * Shows the setting that the user wrote to plugins that change no code but may start builds of their own: what we switch on
 * is for what we seal, and they would make public maps of scripts that we never see. Plugins that come from one factory, or
 * share the first part of their names, are looked at together, since one of them often reads the settings for all.
 */
export async function showOwnSetting(plugins: unknown, sourcemap: SourceMapSetting | undefined): Promise<void> {
  for (const group of await groupsOf(plugins)) {
    const isBuilding = group.some(plugin => building.some(hook => plugin[hook as keyof Plugin] !== undefined))
    const isChanging = group.some(plugin => changing.some(hook => plugin[hook] !== undefined))
    const misled = isBuilding && !isChanging ? group : group.filter(({ name }) => name === warning)
    for (const plugin of misled) showSetting(plugin, sourcemap ?? false)
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

function showSetting(plugin: Plugin, sourcemap: SourceMapSetting): void {
  const { configResolved } = plugin
  if (!configResolved) return
  const handler = typeof configResolved === 'function' ? configResolved : configResolved.handler
  const shown: typeof handler = function (config) {
    return handler.call(this, withSetting(config, sourcemap))
  }
  plugin.configResolved = typeof configResolved === 'function' ? shown : { ...configResolved, handler: shown }
}

/** The same config but for the one setting: what a plugin changes in it, it changes for all. */
function withSetting(config: ResolvedConfig, sourcemap: SourceMapSetting): ResolvedConfig {
  const { build, environments } = config
  const shown: Record<PropertyKey, unknown> = { build: view(build, { sourcemap }) }
  if (environments?.client) {
    const client = view(environments.client, { build: view(environments.client.build, { sourcemap }) })
    shown.environments = view(environments, { client })
  }
  return view(config, shown)
}

/** The object with other values of some properties, for reading. */
function view<Target extends object>(object: Target, values: Record<PropertyKey, unknown>): Target {
  return new Proxy(object, {
    get: (target, key) => (Object.hasOwn(values, key) ? values[key] : Reflect.get(target, key)),
  })
}
