import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import mapseal from 'mapseal/esbuild'

export const options = {
  absWorkingDir: import.meta.dirname,
  entryPoints: [
    { in: 'src/main.ts', out: 'main' },
    { in: 'src/worker.ts', out: 'worker' },
    { in: 'src/style.css', out: 'style' },
    { in: 'esbuild.html', out: 'index' },
  ],
  bundle: true,
  splitting: true,
  format: 'esm',
  minify: true,
  target: 'es2022',
  define: { WORKER_URL: '"./worker.js"' },
  loader: { '.html': 'copy' },
  outdir: 'dist',
  plugins: [mapseal()],
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build(options)
