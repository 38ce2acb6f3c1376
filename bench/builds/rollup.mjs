import commonjs from '@rollup/plugin-commonjs'
import nodeResolve from '@rollup/plugin-node-resolve'
import { transform } from 'esbuild'
import { rollup } from 'rollup'

/** Rollup has no minifier of its own; Vite 7 uses the same one in the same hook. */
const minifier = {
  name: 'minify',
  renderChunk: code => transform(code, { minify: true, target: 'es2022', sourcemap: 'external', format: 'esm' }),
}

/** @type {import('./types.ts').Build} */
export async function build({ app, outDir }, plugins) {
  const bundle = await rollup({
    input: `${app}/main.js`,
    onwarn() {},
    plugins: [nodeResolve({ browser: true }), commonjs({ ignore: () => true }), minifier, ...plugins],
  })
  await bundle.write({
    dir: outDir,
    sourcemap: 'hidden',
    entryFileNames: '[name]-[hash].js',
    chunkFileNames: '[name]-[hash].js',
  })
  await bundle.close()
}

/** Stops the minifier. */
export { stop } from 'esbuild'
