import type { UserConfig } from 'vite'
import { inputsOf } from './starts.ts'

export type SourceMaps = NonNullable<UserConfig['build']>['sourcemap']

/** What a config says before any plugin's `config` hook has changed it. Source maps, where nothing else is named. */
export interface OwnSettings {
  root: SourceMaps
  /** By environment. */
  environments: Map<string, SourceMaps>
  /** The settings of outputs that have one of their own. */
  outputs: SourceMaps[]
  /** The entries that are named, of all environments. */
  inputs: string[]
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
    inputs: builds.flatMap(build => {
      const inputs = bundlersOf(build).flatMap(({ input }) => inputsOf(input))
      return [...inputs, ...inputsOf(build?.lib ? build.lib.entry : undefined), ...inputsOf(build?.ssr)]
    }),
  }
}

function outputsOf(build: UserConfig['build']): { sourcemap?: SourceMaps }[] {
  return bundlersOf(build).flatMap(({ output = [] }) => output)
}

interface BundlerOptions {
  input?: unknown
  output?: { sourcemap?: SourceMaps } | { sourcemap?: SourceMaps }[]
}

/** Vite 8 has a second name for the same options. */
function bundlersOf(build: UserConfig['build']): BundlerOptions[] {
  const { rollupOptions, rolldownOptions } = (build ?? {}) as Record<string, BundlerOptions | undefined>
  return [rollupOptions, rolldownOptions].filter(options => options !== undefined)
}
