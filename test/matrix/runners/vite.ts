/// <reference path="../vite7.d.ts" />
import { vite as vite7 } from '@mapseal-test/vite7'
import * as vite8 from 'vite'
import type { BundleCase, Place } from '../types.ts'
import { inputsOf } from './input.ts'
import { rollupOutput, sourcemapOf } from './rollup.ts'

/** Vite of the version that the place is for. */
export function viteOf({ bundler }: Place): typeof vite8 {
  return bundler === 'vite7' ? vite7 : vite8
}

export async function runVite(fixture: BundleCase, place: Place): Promise<void> {
  await viteOf(place).build(viteConfig(fixture, place))
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
