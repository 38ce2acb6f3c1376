import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Metafile, Plugin } from 'esbuild'
import { defineConfig } from 'tsup'
import { commonJs } from './scripts/commonjs.mjs'
import { thirdParty } from './scripts/third-party.mjs'

interface Manifest {
  exports: Record<string, string | { 'mapseal-source': string; default: string; require?: { default: string } }>
}

/** Of the package that is built: npm runs its script in its folder. */
const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest
const entries = Object.values(exports).filter(entry => typeof entry !== 'string')

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
      const notice = thirdParty(metafile, process.cwd())
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

function namesOf({ outputs }: Metafile, source: string): string[] {
  const output = Object.values(outputs).find(({ entryPoint }) => entryPoint === source.replace('./', ''))
  if (!output) throw new Error(`${source} was not built.`)
  return output.exports.filter(name => name !== 'module.exports')
}

/** For every package: what it exports is what is built. Siblings and other dependencies stay imports. */
export default defineConfig({
  entry: entries.map(entry => entry['mapseal-source']),
  outDir: 'dist',
  format: 'esm',
  dts: true,
  // Done at the start of the build below: tsup would remove declarations later, when some of ours are written already.
  clean: false,
  splitting: true,
  removeNodeProtocol: false,
  esbuildPlugins: [derivedFiles],
  esbuildOptions(options) {
    // unplugin filters modules and joins source maps with them, which Mapseal never asks for: a third of the time to load it.
    const unused = join(import.meta.dirname, 'scripts/unused.mjs')
    options.alias = { picomatch: unused, '@jridgewell/remapping': unused }
  },
})
