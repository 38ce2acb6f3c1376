import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { Options } from 'mapseal'
import mapseal from 'mapseal/esbuild'

/** Bundles `till-node.ts` or `till-react.mjs` with Mapseal and an unmodified SDK. @returns the script */
export async function buildTill(
  kind: 'node' | 'react',
  outdir: string,
  dsn: string,
  options: Options,
): Promise<string> {
  const isNode = kind === 'node'
  await build({
    entryPoints: [{ in: join(import.meta.dirname, isNode ? 'till-node.ts' : 'till-react.mjs'), out: 'till' }],
    absWorkingDir: join(import.meta.dirname, '../..'),
    outdir,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    define: { SHOP_DSN: JSON.stringify(dsn), 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
    plugins: [mapseal(options)],
    ...(isNode
      ? { platform: 'node', outExtension: { '.js': '.mjs' }, banner: { js: REQUIRE } }
      : { platform: 'browser' }),
  })
  if (!isNode)
    await writeFile(join(outdir, 'index.html'), '<!doctype html><script type="module" src="till.js"></script>')
  return join(outdir, isNode ? 'till.mjs' : 'till.js')
}

/** CommonJS packages within an ES module. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"
