import { rolldown } from 'rolldown'

/** @type {import('./types.ts').Build} */
export async function build({ app, outDir }, plugins) {
  const bundle = await rolldown({
    input: `${app}/main.js`,
    platform: 'browser',
    transform: { define: { 'process.env.NODE_ENV': '"production"' }, target: 'es2022' },
    onwarn() {},
    plugins,
  })
  await bundle.write({
    dir: outDir,
    minify: true,
    sourcemap: 'hidden',
    entryFileNames: '[name]-[hash].js',
    chunkFileNames: '[name]-[hash].js',
  })
  await bundle.close()
}
