import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { Metafile, Plugin } from 'esbuild'
import { defineConfig, type Options } from 'tsup'
import { commonJs } from './scripts/commonjs.mjs'
import { llhttp } from './scripts/llhttp.mjs'
import { thirdParty } from './scripts/third-party.mjs'

interface Manifest {
  name: string
  exports: Record<string, string | { 'mapseal-source': string; default: string; require?: { default: string } }>
}

/** The manifest of the package that is built: npm runs its script in its folder. */
const { name, exports } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest
const entries = Object.values(exports).filter(entry => typeof entry !== 'string')
const sources = entries.map(entry => entry['mapseal-source'])

/** Writes what follows from a build's result: `THIRD-PARTY.md`, and a CommonJS file for each entry that is to have one. */
const derivedFiles: Plugin = {
  name: 'derived-files',
  setup(build) {
    const outDir = build.initialOptions.outdir as string
    rmSync(outDir, { recursive: true, force: true })
    const write = (path: string, text: string) => {
      mkdirSync(join(outDir, path, '..'), { recursive: true })
      writeFileSync(join(outDir, path), text)
    }
    build.onEnd(({ metafile }) => {
      if (!metafile) return
      const notice = thirdParty({ outputs: { ...metafile.outputs, ...outputsApart } }, process.cwd())
      if (notice) write('THIRD-PARTY.md', notice)
      for (const { require, ...entry } of entries) {
        if (!require) continue
        const { code, types } = commonJs(`./${basename(entry.default)}`, namesOf(metafile, entry['mapseal-source']))
        const path = require.default.replace('./dist/', '')
        write(path, code)
        write(path.replace(/\.cjs$/, '.d.cts'), types)
      }
    })
  },
}

const script = (name: string) => join(import.meta.dirname, 'scripts', name)

function namesOf({ outputs }: Metafile, source: string): string[] {
  const output = Object.values(outputs).find(({ entryPoint }) => entryPoint === source.replace('./', ''))
  if (!output) throw new Error(`${source} was not built.`)
  return output.exports.filter(name => name !== 'module.exports')
}

/**
 * Every entry, and what is imported when it is needed, loads the package's index first. So all that they share with it is
 * loaded together and becomes one chunk; without this there is a chunk for each set of entries, and each file costs a build
 * a millisecond to load.
 */
const oneSharedChunk = (index: string): Plugin => ({
  name: 'one-shared-chunk',
  setup({ onLoad, onResolve }) {
    const others = new Set(sources.map(source => resolve(source)))
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

/**
 * What requests of bytes never come to: HTTP/2, whose part of undici would load `node:http2`, a fifth of all that loading undici
 * costs, and forms, with which half of `fetch` would come.
 */
const withoutUnused: Plugin = {
  name: 'without-unused',
  setup({ onLoad }) {
    const filter = /\/undici\/lib\/(?:dispatcher\/client-h2|web\/fetch\/body)\.js$/
    onLoad({ filter }, () => ({ contents: 'module.exports = undefined' }))
  },
}

/** undici's parser without WebAssembly: see scripts/llhttp.mjs. */
const parserInJavaScript: Plugin = {
  name: 'parser-in-javascript',
  setup({ onLoad }) {
    const wasm = /\/undici\/lib\/llhttp\/llhttp(?:_simd)?-wasm\.js$/
    onLoad({ filter: wasm }, () => ({ contents: 'module.exports = undiciParser' }))
    onLoad({ filter: /\/undici\/lib\/dispatcher\/client-h1\.js$/ }, async ({ path }) => ({
      contents: `const WebAssembly = {
        Module: function (parser) { return parser },
        Instance: function (parser, imports) { return { exports: parser(imports) } },
      }
      ${await readFile(path, 'utf8')}`,
    }))
  },
}

/** Put in afterwards: esbuild would print the minified code with its indentation, in 2.5 MB. */
const parser: NonNullable<Options['plugins']>[number] = {
  name: 'parser',
  async renderChunk(code) {
    if (!code.includes('undiciParser')) return undefined
    return { code: `${await llhttp('undiciParser')}${code}` }
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
const bundling = /[\\/]core[\\/]src[\\/](?:build[\\/]globs|vault[\\/]unzstd)\.ts$/

/** What those builds came to. */
const outputsApart: Metafile['outputs'] = {}

const bundledApart: Plugin = {
  name: 'bundled-apart',
  setup({ esbuild, onLoad }) {
    onLoad({ filter: bundling }, async ({ path }) => {
      const { outputFiles, metafile } = await esbuild.build({
        entryPoints: [path],
        bundle: true,
        write: false,
        metafile: true,
        platform: 'node',
        format: 'esm',
        target: 'es2022',
        banner: {
          js: "import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)",
        },
      })
      Object.assign(outputsApart, metafile.outputs)
      // As `oneSharedChunk` does for the rest.
      const index = join(path, '../../index.ts')
      return { contents: `import ${JSON.stringify(index)}\n${outputFiles[0]?.text}`, loader: 'js' }
    })
  },
}

/** For every package: what it exports is what is built. Siblings and other dependencies stay imports. */
export default defineConfig({
  entry: sources,
  outDir: 'dist',
  format: 'esm',
  dts: true,
  // Done at the start of the build: tsup would remove declarations later, when some of ours are written already.
  clean: false,
  splitting: true,
  removeNodeProtocol: false,
  esbuildPlugins: [
    derivedFiles,
    ...(name === '@mapseal/core'
      ? [bundledApart, oneSharedChunk(resolve('src/index.ts')), withoutUnused, parserInJavaScript]
      : []),
  ],
  ...(name === '@mapseal/core' && { noExternal: ['undici'], plugins: [requireInModules, parser] }),
  esbuildOptions(options) {
    if (name !== 'mapseal') return
    // unplugin filters modules and joins source maps with them, which Mapseal never asks for: a third of the time to load it.
    const unused = script('unused.mjs')
    options.alias = { picomatch: unused, '@jridgewell/remapping': unused, 'node:process': script('process.mjs') }
  },
})
