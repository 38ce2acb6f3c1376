/// <reference path="../toolchains.d.ts" />
import * as terserPlugin from '@rollup/plugin-terser'
import type { OutputOptions, RollupOptions } from 'rollup'
import type { BundleCase, Place } from '../types.ts'
import { extensionOf, inputsOf } from './input.ts'

// Its types describe CommonJS, where the function is one `default` deeper than in the module that Node loads.
const terser = terserPlugin.default as unknown as typeof terserPlugin.default.default

/** Rollup of the version that the place is for. */
export async function rollupOf({ version }: Place): Promise<typeof import('rollup')> {
  if (!version) return import('rollup')
  return (await import('@mapseal-test/oldest')).loadRollup(version === 'rollup3' ? 3 : 4)
}

export async function runRollup(fixture: BundleCase, place: Place): Promise<void> {
  const standard: RollupOptions = {
    input: inputsOf(fixture, place),
    plugins: [...place.plugins(), fixture.isMinified ? terser({ maxWorkers: 1 }) : null],
    output: rollupOutput(fixture, place),
    onwarn: () => {},
  }
  const { output, ...input } = fixture.rollup?.(standard, place) ?? standard
  const { rollup } = await rollupOf(place)
  const bundle = await rollup(input)
  for (const options of [output].flat()) if (options) await bundle.write(options)
  await bundle.close()
}

export function rollupOutput(fixture: BundleCase, { outDir, maps }: Place): OutputOptions {
  const hash = fixture.isHashed === false ? '' : '-[hash]'
  const extension = extensionOf(fixture.format)
  return {
    dir: outDir,
    format: fixture.format ?? 'es',
    ...(fixture.format === 'iife' || fixture.format === 'umd' ? { name: 'Fixture' } : {}),
    exports: 'named',
    entryFileNames: `[name]${hash}.${extension}`,
    chunkFileNames: `chunks/[name]${hash}.${extension}`,
    assetFileNames: `assets/[name]${hash}[extname]`,
    ...sourcemapOf(maps),
  }
}

export function sourcemapOf(maps: Place['maps']): { sourcemap?: boolean | 'hidden' | 'inline' } {
  if (maps === undefined) return {}
  return { sourcemap: maps === 'visible' ? true : maps === 'off' ? false : maps }
}
