import type { Plugin, ResolvedConfig, UserConfig } from 'vite'

type SourceMapSetting = NonNullable<UserConfig['build']>['sourcemap']

/** Plugins that build scripts with another bundler, and make maps for them where Vite makes maps. */
const nestedBuilders = /^vite-plugin-pwa(?::|$)/

/**
 * Shows the setting that the user wrote to plugins with builds of their own: what we switch on is for what we seal. All other
 * plugins must see that there will be maps, since those of their transformations are part of them.
 */
export async function showOwnSetting(plugins: unknown, sourcemap: SourceMapSetting): Promise<void> {
  for (const plugin of await flat(plugins)) {
    const { configResolved } = plugin
    if (!nestedBuilders.test(plugin.name) || typeof configResolved !== 'function') continue
    const shown: typeof configResolved = function (config) {
      const build = { ...config.build, sourcemap: sourcemap ?? false }
      return configResolved.call(this, { ...config, build } as ResolvedConfig)
    }
    plugin.configResolved = shown
  }
}

async function flat(plugins: unknown): Promise<Plugin[]> {
  const found = await plugins
  if (Array.isArray(found)) return (await Promise.all(found.map(flat))).flat()
  return found ? [found as Plugin] : []
}
