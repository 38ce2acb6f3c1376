import * as esbuild from 'esbuild'

/** @type {import('./types.ts').Build} */
export async function build({ app, outDir }, plugins) {
  await esbuild.build({
    absWorkingDir: app,
    entryPoints: ['main.js'],
    outdir: outDir,
    entryNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    target: 'es2022',
    sourcemap: 'external',
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins,
  })
}

export const stop = esbuild.stop
