/** Modules of Node that packages ask for behind a check of where they run. */
const OF_NODE = ['crypto', 'fs', 'inspector', 'module', 'os', 'path', 'perf_hooks', 'source-map-support', 'url', 'util']

/** @param {import('./types.ts').Job} job */
export function configOf({ app, outDir, devtool = 'hidden-source-map' }, plugins) {
  return {
    mode: 'production',
    context: app,
    target: ['web', 'es2022'],
    entry: './main.js',
    output: { path: outDir, filename: '[name].[contenthash].js', clean: true },
    devtool,
    performance: false,
    // Packages of which a part is CommonJS that chooses its imports as it runs.
    module: { parser: { javascript: { exprContextCritical: false, unknownContextCritical: false } } },
    resolve: { fallback: Object.fromEntries(OF_NODE.map(name => [name, false])) },
    plugins,
  }
}

/** webpack's and Rspack's compilers are alike here. @param {import('webpack').Compiler} compiler */
export async function run(compiler) {
  await new Promise((done, fail) => {
    compiler.run((error, stats) => {
      const cause = error ?? (stats?.hasErrors() ? new Error(stats.toString('errors-only')) : undefined)
      compiler.close(closeError => (cause || closeError ? fail(cause ?? closeError) : done(undefined)))
    })
  })
}
