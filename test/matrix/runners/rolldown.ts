/// <reference path="../toolchains.d.ts" />
import type { OutputOptions, RolldownOptions } from 'rolldown'
import type { RollupOptions } from 'rollup'
import type { BundleCase, Place } from '../types.ts'
import { inputsOf } from './input.ts'
import { rollupOutput } from './rollup.ts'

/** Rolldown of the version that the place is for. */
export async function rolldownOf({ version }: Place): Promise<typeof import('rolldown')> {
  return version ? (await import('@mapseal-test/oldest')).loadRolldown() : import('rolldown')
}

export async function runRolldown(fixture: BundleCase, place: Place): Promise<void> {
  const standard: RolldownOptions = {
    cwd: place.dir,
    input: inputsOf(fixture, place),
    plugins: place.plugins(),
    logLevel: 'silent',
    output: { ...(rollupOutput(fixture, place) as OutputOptions), minify: fixture.isMinified ?? false },
  }
  const { output, ...input } = change(fixture, standard, place)
  const { rolldown } = await rolldownOf(place)
  const bundle = await rolldown(input)
  for (const options of [output].flat()) if (options) await bundle.write(options)
  await bundle.close()
}

function change(fixture: BundleCase, standard: RolldownOptions, place: Place): RolldownOptions {
  if (fixture.rolldown) return fixture.rolldown(standard, place)
  return (fixture.rollup?.(standard as RollupOptions, place) as RolldownOptions | undefined) ?? standard
}
