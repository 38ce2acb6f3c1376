/** The part of Next.js's config that is read or set; without its types, which would need Next.js to be installed. */
export interface NextConfig {
  productionBrowserSourceMaps?: boolean
  experimental?: { serverSourceMaps?: boolean }
  turbopack?: { debugIds?: boolean }
  /** Since Next.js 16. */
  instrumentationClientInject?: string[]
  generateBuildId?: () => string | null | Promise<string | null>
  deploymentId?: string
  compiler?: { runAfterProductionCompile?: AfterCompile }
  webpack?: ((config: WebpackConfig, context: object) => WebpackConfig) | null
}

export type AfterCompile = (build: { projectDir: string; distDir: string }) => Promise<void>

interface WebpackConfig {
  plugins?: ({ _name?: string } | null)[]
}

/** Switches source maps on, for the browser, the server and the edge, and has them sealed once all of them are written. */
export function sealedConfig(config: NextConfig, seal: AfterCompile): NextConfig {
  const { webpack } = config
  const before = config.compiler?.runAfterProductionCompile
  return {
    ...config,
    productionBrowserSourceMaps: config.productionBrowserSourceMaps ?? true,
    experimental: { ...config.experimental, serverSourceMaps: config.experimental?.serverSourceMaps ?? true },
    // A config for webpack alone makes Next.js refuse Turbopack, which a setting of ours must not undo.
    ...((config.turbopack || !webpack) && { turbopack: { debugIds: true, ...config.turbopack } }),
    ...(webpack && { webpack: (config, context) => withoutSentryUpload(webpack(config, context)) }),
    compiler: {
      ...config.compiler,
      async runAfterProductionCompile(build) {
        if (before && !isSentryUpload(before)) await before(build)
        await seal(build)
      },
    },
  }
}

/** With `withSentryConfig` inside, it would inject, upload and delete too. */
function withoutSentryUpload(config: WebpackConfig): WebpackConfig {
  const plugins = config.plugins?.filter(plugin => plugin?._name !== 'sentry-webpack-plugin')
  return plugins ? Object.assign(config, { plugins }) : config
}

function isSentryUpload(hook: AfterCompile): boolean {
  return /\bhandleRunAfterProductionCompile\b/.test(String(hook))
}
