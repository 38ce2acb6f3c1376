import { withMapseal as withSealing } from 'mapseal/next'
import type { Options } from './options.ts'
import { type Plan, planOf } from './plan.ts'

export type * from './options.ts'

/** The options of `withSentryConfig` that are about source maps and the release. */
export interface SentryNextOptions
  extends Omit<Options, 'url' | 'bundleSizeOptimizations' | 'reactComponentAnnotation' | '_experiments'> {
  /** The server's origin. @default `SENTRY_URL`, or `https://sentry.io` */
  sentryUrl?: string
  /** Accepted; source maps are never public. */
  hideSourceMaps?: boolean
  /** Accepted; every script of the browser is uploaded. */
  widenClientFileUpload?: boolean
}

/**
 * `withMapseal` of `mapseal/next` with the options of `withSentryConfig`, around which it goes.
 *
 * @param nextConfig an object, or a function as Next.js takes it
 * @example
 * ```ts
 * // next.config.ts
 * export default withMapseal(withSentryConfig(nextConfig), { org: 'acme', project: 'shop' })
 * ```
 */
export function withMapseal<Config extends object>(nextConfig: Config, options: SentryNextOptions = {}): Config {
  const { hideSourceMaps, widenClientFileUpload, sentryUrl, ...rest } = options
  const plan = planOf({ ...rest, ...(sentryUrl !== undefined && { url: sentryUrl }) })
  if (!plan || plan.isPlain) return nextConfig
  const sealed = withSealing(nextConfig, plan.mapseal)
  if (sealed === nextConfig) return nextConfig
  if (!isFunction(sealed)) return announcing(sealed, plan) as Config
  const made: ConfigFunction = async (phase, context) => {
    const config = await sealed(phase, context)
    return phase === 'phase-production-build' ? announcing(config, plan) : config
  }
  return made as ConfigFunction & Config
}

interface SealedConfig {
  compiler?: { runAfterProductionCompile?: (build: { projectDir: string }) => Promise<void> }
}

type ConfigFunction = (phase: string, context: object) => SealedConfig | Promise<SealedConfig>

function isFunction(config: object): config is ConfigFunction {
  return typeof config === 'function'
}

/** Says what is missing for uploads once Next.js has compiled: it reads the config in several processes. */
function announcing<Config extends SealedConfig>(config: Config, { place, announce }: Plan): Config {
  const seal = config.compiler?.runAfterProductionCompile
  return {
    ...config,
    compiler: {
      ...config.compiler,
      async runAfterProductionCompile(build: { projectDir: string }) {
        place.root = build.projectDir
        announce()
        await seal?.(build)
      },
    },
  }
}
