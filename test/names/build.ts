import { createRequire } from 'node:module'
import { join } from 'node:path'
import { rspack } from '@rspack/core'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import vue from '@vitejs/plugin-vue'
import { build, type InlineConfig, type Plugin } from 'vite'

/** The app of this folder as each minifier leaves it. */

export const minifiers = ['terser', 'oxc', 'swc', 'esbuild'] as const
export type Minifier = (typeof minifiers)[number]

export interface BuiltApp {
  page: string
  /** By file name. */
  scripts: Map<string, { code: string; map: string }>
}

const app = join(import.meta.dirname, 'app')
const toolchain = createRequire(join(import.meta.dirname, '../toolchains/names/package.json'))

export async function buildApp(minifier: Minifier): Promise<BuiltApp> {
  const config: InlineConfig = {
    root: app,
    configFile: false,
    logLevel: 'warn',
    plugins: [solid(), vue(), svelte(), ...(minifier === 'swc' ? [swc()] : [])],
    // What React refuses to run without.
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      minify: minifier === 'swc' ? false : minifier,
      sourcemap: 'hidden',
      modulePreload: false,
      chunkSizeWarningLimit: 10_000,
    },
  }
  const result = await build(config)
  if (!('output' in result)) throw new Error('It should be one output.')
  const built: BuiltApp = { page: '', scripts: new Map() }
  for (const file of result.output) {
    if (file.type === 'chunk' && file.map)
      built.scripts.set(file.fileName, { code: file.code, map: file.map.toString() })
    if (file.fileName === 'index.html' && file.type === 'asset') built.page = String(file.source)
  }
  return built
}

/** Vite has no setting for it; this one is Rspack's. */
function swc(): Plugin {
  return {
    name: 'swc-minify',
    async renderChunk(code) {
      const { code: minified, map } = await rspack.experiments.swc.minify(code, {
        compress: true,
        mangle: true,
        module: true,
        sourceMap: true,
      })
      return { code: minified, map: map ?? null }
    },
  }
}

interface Babel {
  transformAsync(code: string, options: object): Promise<{ code: string; map: string }>
}

function solid(): Plugin {
  return {
    name: 'solid',
    enforce: 'pre',
    async transform(code, id) {
      if (!id.endsWith('solid.jsx')) return
      const { transformAsync }: Babel = toolchain('@babel/core')
      const result = await transformAsync(code, {
        filename: id,
        babelrc: false,
        configFile: false,
        presets: [toolchain.resolve('babel-preset-solid')],
        sourceMaps: true,
      })
      return result
    },
  }
}
