/// <reference path="../toolchains.d.ts" />
import type * as vite8 from 'vite'
import type { BundleCase, Place } from '../types.ts'
import { inputsOf } from './input.ts'
import { rollupOutput, sourcemapOf } from './rollup.ts'

type Vite = typeof vite8

const versions: Record<string, () => Promise<Vite>> = {
  vite8: () => import('vite'),
  'vite8.0': async () => (await import('@mapseal-test/vite8-0')).vite,
  vite7: async () => (await import('@mapseal-test/vite7')).vite,
  vite6: async () => (await import('@mapseal-test/vite6')).vite,
  vite5: async () => (await import('@mapseal-test/vite5')).vite,
  'vite5.0': async () => (await import('@mapseal-test/oldest')).loadVite(),
}

/** Vite of the version that the place is for. */
export function viteOf({ bundler, version = bundler as never }: Place): Promise<Vite> {
  return (versions[version] as () => Promise<Vite>)()
}

export async function runVite(fixture: BundleCase, place: Place): Promise<void> {
  const { build } = await viteOf(place)
  await build(viteConfig(fixture, place))
}

export function viteConfig(fixture: BundleCase, place: Place): vite8.InlineConfig {
  const { sourcemap: _, dir: __, exports: ___, ...output } = rollupOutput(fixture, place)
  const standard: vite8.InlineConfig = {
    root: place.dir,
    configFile: false,
    logLevel: 'silent',
    plugins: place.plugins(),
    build: {
      outDir: place.outDir,
      emptyOutDir: false,
      minify: fixture.isMinified ?? false,
      reportCompressedSize: false,
      // Preloading needs a document; the browser cases turn it on again.
      modulePreload: false,
      rollupOptions: { input: inputsOf(fixture, place), output: output as vite8.Rolldown.OutputOptions },
      ...sourcemapOf(place.maps),
    },
  }
  return fixture.vite?.(standard, place) ?? standard
}
