import type { UserConfig } from 'vite'

export type SourceMaps = NonNullable<UserConfig['build']>['sourcemap']

/** What a config says about source maps before any plugin's `config` hook has changed it. */
export interface OwnSettings {
  root: SourceMaps
  /** By environment. */
  environments: Map<string, SourceMaps>
  /** Of outputs that have a setting of their own. */
  outputs: SourceMaps[]
}

type Config = Pick<UserConfig, 'build'> & { environments?: Record<string, Pick<UserConfig, 'build'> | undefined> }

/**
 * Makes the reader of a plugin instance. Vite resolves one config several times, and then finds in it what was made of the
 * environments before: what was read first counts.
 */
export function ownSettingsReader(): (config: UserConfig) => OwnSettings {
  const known = new WeakMap<object, OwnSettings>()
  return config => {
    const { environments } = config as Config
    const own = (environments && known.get(environments)) ?? readOwnSettings(config)
    if (environments) known.set(environments, own)
    return own
  }
}

function readOwnSettings(config: Config): OwnSettings {
  const environments = Object.entries(config.environments ?? {})
  const builds = [config.build, ...environments.map(([, environment]) => environment?.build)]
  return {
    root: config.build?.sourcemap,
    environments: new Map(environments.map(([name, environment]) => [name, environment?.build?.sourcemap])),
    outputs: builds.flatMap(outputsOf).flatMap(({ sourcemap }) => (sourcemap === undefined ? [] : [sourcemap])),
  }
}

/** Vite 8 has a second name for the same options. */
function outputsOf(build: UserConfig['build']): { sourcemap?: SourceMaps }[] {
  const { rollupOptions, rolldownOptions } = (build ?? {}) as Record<string, { output?: object } | undefined>
  return [rollupOptions?.output, rolldownOptions?.output].flat().filter(output => output !== undefined)
}
