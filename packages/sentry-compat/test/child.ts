import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Builds the project in the working folder: `child <bundler> <whose plugin> <folder of ours> <folder of Sentry's>`. The project's
 * `options.mjs` has the plugin's options, and what is to be added to the bundler's config.
 */

const [bundler = '', whose = '', own = '', theirs = ''] = process.argv.slice(2)
const dir = process.cwd()
const toolchain = createRequire(join(theirs, 'package.json'))
const { options, config = {}, plugins = [], version1 } = await import(pathToFileURL(join(dir, 'options.mjs')).href)

const families: Record<string, 'vite' | 'webpack' | 'rollup' | 'esbuild'> = {
  vite8: 'vite',
  vite7: 'vite',
  webpack: 'webpack',
  rspack: 'webpack',
  rollup: 'rollup',
  rolldown: 'rollup',
  esbuild: 'esbuild',
}
const family = families[bundler] as 'vite' | 'webpack' | 'rollup' | 'esbuild'

async function pluginOf(): Promise<never[]> {
  if (whose === 'none') return []
  const name = `sentry${family[0]?.toUpperCase()}${family.slice(1)}Plugin`
  const module =
    whose === 'ours'
      ? await import(pathToFileURL(join(own, `${family}.js`)).href)
      : toolchain(whose === 'sentry11' ? `@sentry/bundler-plugins/${family}` : `@sentry/${family}-plugin`)
  if (version1) return [new module.SentryWebpackPlugin(options)] as never[]
  return [module[name](options)].flat() as never[]
}

const entry = join(dir, 'src/main.js')
const outDir = join(dir, 'dist')
const names = { entryFileNames: '[name]-[hash].js', chunkFileNames: '[name]-[hash].js' }

async function viteConfig(): Promise<object> {
  const { build, ...rest } = config as { build?: object }
  const base = {
    outDir,
    minify: true,
    modulePreload: false,
    target: 'es2022',
    rollupOptions: { input: entry, output: names },
  }
  const all = [...plugins, ...(await pluginOf())]
  return { root: dir, configFile: false, logLevel: 'warn', plugins: all, ...rest, build: { ...base, ...build } }
}

async function webpackConfig(): Promise<object> {
  return {
    mode: 'production',
    context: dir,
    target: 'node20',
    entry: './src/main.js',
    output: { path: outDir, filename: '[name]-[contenthash].cjs', chunkFilename: '[name]-[contenthash].cjs' },
    performance: false,
    plugins: [...plugins, ...(await pluginOf())],
    ...config,
  }
}

function runCompiler(compiler: {
  run(done: (error: unknown, stats: never) => void): void
  close(done: () => void): void
}) {
  return new Promise<void>((resolve, reject) =>
    compiler.run((error, stats: { hasErrors(): boolean; toString(options: object): string }) => {
      const problem = error ?? (stats.hasErrors() ? new Error(stats.toString({ all: false, errors: true })) : undefined)
      compiler.close(() => (problem ? reject(problem) : resolve()))
    }),
  )
}

const builders: Record<string, () => Promise<unknown>> = {
  vite8: async () => (await import('vite')).build(await viteConfig()),
  vite7: async () => (await import('@mapseal-test/vite7')).vite.build(await viteConfig()),
  webpack: async () => runCompiler((await import('webpack')).default(await webpackConfig()) as never),
  rspack: async () => runCompiler((await import('@rspack/core')).rspack(await webpackConfig()) as never),
  rollup: async () => {
    const { rollup } = await import('rollup')
    const { output, ...input } = config as { output?: object }
    const bundle = await rollup({ input: entry, plugins: [...plugins, ...(await pluginOf())], ...input })
    await bundle.write({ dir: outDir, format: 'es', ...names, ...output })
    await bundle.close()
  },
  rolldown: async () => {
    const { rolldown } = await import('rolldown')
    const { output, ...input } = config as { output?: object }
    const bundle = await rolldown({ input: entry, cwd: dir, plugins: [...plugins, ...(await pluginOf())], ...input })
    await bundle.write({ dir: outDir, format: 'es', ...names, ...output })
    await bundle.close()
  },
  esbuild: async () => {
    const { build } = await import('esbuild')
    await build({
      absWorkingDir: dir,
      entryPoints: ['src/main.js'],
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      outdir: 'dist',
      entryNames: '[name]-[hash]',
      chunkNames: '[name]-[hash]',
      logLevel: 'error',
      plugins: [...plugins, ...(await pluginOf())],
      ...config,
    })
  },
}

await builders[bundler]?.()
