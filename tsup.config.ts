import { readFileSync } from 'node:fs'
import { defineConfig, type Options } from 'tsup'

interface Manifest {
  name: string
  exports: Record<string, string | { 'mapseal-source': string }>
}

/** Of the package that is built: npm runs its script in its folder. */
const { name, exports } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest

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
  entry: Object.values(exports).flatMap(entry => (typeof entry === 'string' ? [] : [entry['mapseal-source']])),
  outDir: 'dist',
  format: 'esm',
  dts: true,
  clean: true,
  esbuildPlugins: [bundledApart],
  // A plugin is one file: each costs a build a millisecond to load.
  splitting: name !== 'mapseal',
  removeNodeProtocol: false,
})
