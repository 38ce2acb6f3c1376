import { MapsealError, type Options, resolveOptions, withConfig } from '@mapseal/core'
import { type NextConfig, sealedConfig } from './hosts/next/config.ts'
import { withRelease } from './hosts/next/release.ts'
import { sealAfterCompile } from './hosts/next/seal.ts'
import { connect } from './plugin.ts'

/**
 * Mapseal for Next.js, with Turbopack and with webpack: browser, server and edge, as one build.
 *
 * @param nextConfig an object, or a function as Next.js takes it
 * @example
 * ```ts
 * // next.config.ts
 * export default withMapseal({ output: 'standalone' })
 * ```
 */
export function withMapseal<Config extends object>(nextConfig: Config, options?: Options): Config {
  const given = withConfig(options)
  if (!resolveOptions(given).enabled) return nextConfig
  if (typeof nextConfig !== 'object' && typeof nextConfig !== 'function')
    throw new MapsealError('next', 'withMapseal() takes the config of Next.js: withMapseal({}).')
  const seal = sealAfterCompile(given, connect)
  const inProduction = (config: NextConfig) => withRelease(sealedConfig(config, seal), given)
  if (isFunction(nextConfig)) {
    const made: ConfigFunction = async (phase, context) => {
      const config = await nextConfig(phase, context)
      return phase === 'phase-production-build' ? inProduction(config) : config
    }
    return made as ConfigFunction & Config
  }
  return process.env.NODE_ENV === 'production' ? (inProduction(nextConfig) as Config) : nextConfig
}

type ConfigFunction = (phase: string, context: object) => NextConfig | Promise<NextConfig>

function isFunction(config: object): config is ConfigFunction {
  return typeof config === 'function'
}
