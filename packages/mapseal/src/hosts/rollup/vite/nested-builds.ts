import type { Plugin, ResolvedConfig } from 'vite'

type SourceMapSetting = ResolvedConfig['build']['sourcemap']

/** Plugins that build scripts with another bundler and make maps for them where Vite makes maps, or that warn of public ones. */
const misled = /^vite-plugin-pwa(?::|$)|^react-router:warn-on-client-source-maps$/

/**
 * Shows the setting that the user wrote to plugins that would misunderstand ours: what we switch on is for what we seal. All other
 * plugins must see that there will be maps, since those of their transformations are part of them.
 */
export function showOwnSetting(plugins: Plugin[], sourcemap: SourceMapSetting | undefined): void {
  for (const plugin of plugins) {
    const { configResolved } = plugin
    if (!misled.test(plugin.name) || typeof configResolved !== 'function') continue
    const shown: typeof configResolved = function (config) {
      return configResolved.call(this, withSetting(config, sourcemap ?? false))
    }
    plugin.configResolved = shown
  }
}

function withSetting(config: ResolvedConfig, sourcemap: SourceMapSetting): ResolvedConfig {
  const { client } = config.environments ?? {}
  const shown = { ...config, build: { ...config.build, sourcemap } }
  if (client)
    shown.environments = { ...config.environments, client: { ...client, build: { ...client.build, sourcemap } } }
  return shown as ResolvedConfig
}

/** The plugins of a list as Vite takes it: nested, with promises and gaps. */
export async function flatPlugins(plugins: unknown): Promise<Plugin[]> {
  const found = await plugins
  if (Array.isArray(found)) return (await Promise.all(found.map(flatPlugins))).flat()
  return found ? [found as Plugin] : []
}
