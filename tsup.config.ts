import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Plugin } from 'esbuild'
import { defineConfig, type Options } from 'tsup'

interface Manifest {
  name: string
  exports: Record<string, string | { 'mapseal-source': string }>
}

/** Of the package that is built: npm runs its script in its folder. */
const { name, exports } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest
const entries = Object.values(exports).flatMap(entry => (typeof entry === 'string' ? [] : [entry['mapseal-source']]))

/**
 * Every entry, and what is imported when it is needed, loads the package's index first. So all that they share with it is
 * loaded together and becomes one chunk; without this there is a chunk for each set of entries, and each file costs a build
 * a millisecond to load.
 */
const oneSharedChunk = (index: string): Plugin => ({
  name: 'one-shared-chunk',
  setup({ onLoad, onResolve }) {
    const others = new Set(entries.map(entry => resolve(entry)))
    onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
      if (kind === 'dynamic-import') others.add(resolve(resolveDir, path))
      return undefined
    })
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      if (path === index || !others.has(path)) return undefined
      return { contents: `import ${JSON.stringify(index)}\n${await readFile(path, 'utf8')}`, loader: 'ts' }
    })
  },
})

/** HTTP/2 is never spoken, and its part of undici would load `node:http2`, a fifth of all that loading undici costs. */
const withoutHttp2: Plugin = {
  name: 'without-http2',
  setup({ onLoad }) {
    onLoad({ filter: /\/undici\/lib\/dispatcher\/client-h2\.js$/ }, () => ({ contents: 'module.exports = undefined' }))
  },
}

/** CommonJS that is bundled takes Node's modules by `require`, which an ES module does not have. */
const requireInModules: NonNullable<Options['plugins']>[number] = {
  name: 'require-in-modules',
  renderChunk(code) {
    if (!code.includes('typeof require')) return undefined
    return { code: `const require = name => process.getBuiltinModule(name)\n${code}` }
  },
}

/**
 * The files that bundle a dependency; each is built on its own first. Bundled with the rest, packages in CommonJS would put
 * their helpers into a chunk that every entry loads. They also call `require`, which modules do not have.
 */
const bundling = /[\\/]core[\\/]src[\\/]build[\\/]globs\.ts$/

const bundledApart: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'bundled-apart',
  setup({ esbuild, onLoad }) {
    onLoad({ filter: bundling }, async ({ path }) => {
      const { outputFiles } = await esbuild.build({
        entryPoints: [path],
        bundle: true,
        write: false,
        platform: 'node',
        format: 'esm',
        target: 'es2022',
        banner: {
          js: "import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)",
        },
      })
      return { contents: outputFiles[0]?.text ?? '', loader: 'js' }
    })
  },
}

/** For every package: what it exports is what is built. Siblings and other dependencies stay imports. */
export default defineConfig({
  entry: entries,
  outDir: 'dist',
  format: 'esm',
  dts: true,
  clean: true,
  // A plugin is one file: each costs a build a millisecond to load.
  splitting: name !== 'mapseal',
  removeNodeProtocol: false,
  ...(name === '@mapseal/core' && {
    noExternal: ['undici'],
    esbuildPlugins: [bundledApart, oneSharedChunk(resolve('src/index.ts')), withoutHttp2],
    plugins: [requireInModules],
  }),
})
