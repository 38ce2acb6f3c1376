import type { ResolvedConfig } from 'vite'

/** The configs that one plugin instance was resolved in: several, if several builds have it at the same time. */
export interface ResolvedConfigs {
  add(config: ResolvedConfig): void
  /**
   * The config of a build, or else the last.
   *
   * @param input the options that `buildStart` sees
   * @param context its plugin context, which has the environment from Vite 6 on
   */
  of(input: object, context: object): ResolvedConfig | undefined
}

export function resolvedConfigs(): ResolvedConfigs {
  /** The config of each plugin; undefined for a plugin in several. Vite's own plugins are made anew for each config. */
  const byPlugin = new WeakMap<object, ResolvedConfig | undefined>()
  let last: ResolvedConfig | undefined
  return {
    add(config) {
      last = config
      for (const plugin of config.plugins) byPlugin.set(plugin, byPlugin.has(plugin) ? undefined : config)
    },
    of(input, context) {
      const { environment } = context as { environment?: { config: ResolvedConfig } }
      if (environment) return environment.config
      const { plugins = [] } = input as { plugins?: object[] }
      return plugins.map(plugin => byPlugin.get(plugin)).find(config => config !== undefined) ?? last
    },
  }
}
