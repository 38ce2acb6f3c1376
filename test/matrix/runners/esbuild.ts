/// <reference path="../toolchains.d.ts" />
import type * as esbuild from 'esbuild'
import type { BundleCase, Place } from '../types.ts'
import { extensionOf, inputsOf } from './input.ts'

/** esbuild of the version that the place is for. */
export async function esbuildOf({ version }: Place): Promise<Pick<typeof esbuild, 'build' | 'context'>> {
  return version ? (await import('@mapseal-test/oldest')).loadEsbuild() : import('esbuild')
}

export async function runEsbuild(fixture: BundleCase, place: Place): Promise<void> {
  const { build } = await esbuildOf(place)
  await build(esbuildOptions(fixture, place))
}

export function esbuildOptions(fixture: BundleCase, place: Place): esbuild.BuildOptions {
  const format = fixture.format ?? 'esm'
  const hash = fixture.isHashed === false ? '' : '-[hash]'
  const extension = extensionOf(fixture.format)
  const standard: esbuild.BuildOptions = {
    absWorkingDir: place.dir,
    entryPoints: inputsOf(fixture, place),
    outdir: place.outDir,
    bundle: true,
    splitting: format === 'esm',
    format: format as esbuild.Format,
    platform: format === 'iife' ? 'browser' : 'node',
    globalName: format === 'iife' ? 'Fixture' : undefined,
    minify: fixture.isMinified ?? false,
    entryNames: `[name]${hash}`,
    // Without a hash, all shared chunks would be named `chunk`.
    chunkNames: 'chunks/[name]-[hash]',
    assetNames: `assets/[name]${hash}`,
    outExtension: { '.js': `.${extension}` },
    logLevel: 'silent',
    plugins: place.plugins(),
    ...sourcemapOf(place.maps),
  }
  return fixture.esbuild?.(standard, place) ?? standard
}

function sourcemapOf(maps: Place['maps']): Pick<esbuild.BuildOptions, 'sourcemap'> {
  if (maps === undefined) return {}
  const settings = { hidden: 'external', visible: 'linked', inline: 'inline', off: false } as const
  return { sourcemap: settings[maps] }
}
