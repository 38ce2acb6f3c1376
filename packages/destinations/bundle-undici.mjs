// Puts what is needed of undici into one file of the package.
import { build } from 'esbuild'

await build({
  entryPoints: ['src/http/undici.js'],
  outfile: 'dist/undici.js',
  bundle: true,
  // Not CommonJS, of which Node would look for the exports by parsing it all.
  format: 'esm',
  platform: 'node',
  minifyWhitespace: true,
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)",
  },
  logLevel: 'warning',
})
