import { readFileSync } from 'node:fs'
import { defineConfig } from 'tsup'

interface Manifest {
  name: string
  exports: Record<string, string | { 'mapseal-source': string }>
}

/** Of the package that is built: npm runs its script in its folder. */
const { name, exports } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest

/** For every package: what it exports is what is built. Siblings and other dependencies stay imports. */
export default defineConfig({
  entry: Object.values(exports).flatMap(entry => (typeof entry === 'string' ? [] : [entry['mapseal-source']])),
  outDir: 'dist',
  format: 'esm',
  dts: true,
  clean: true,
  // A plugin is one file: each costs a build a millisecond to load.
  splitting: name !== 'mapseal',
  removeNodeProtocol: false,
})
