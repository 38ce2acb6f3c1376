/**
 * @param {typeof import('vite')} vite 7 or 8
 * @param {import('./types.ts').Job} job
 * @param {import('vite').PluginOption[]} plugins
 */
export async function buildWithVite(vite, { app, outDir }, plugins) {
  await vite.build({
    root: app,
    configFile: false,
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, sourcemap: 'hidden', target: 'es2022', reportCompressedSize: false },
    plugins,
  })
}
