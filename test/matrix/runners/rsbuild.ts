import { basename } from 'node:path'
import { createRsbuild, type RsbuildConfig } from '@rsbuild/core'
import type { BundleCase, Place } from '../types.ts'
import { extensionOf, inputsOf } from './input.ts'

export async function runRsbuild(fixture: BundleCase, place: Place): Promise<void> {
  const rsbuild = await createRsbuild({ cwd: place.dir, config: rsbuildConfig(fixture, place) })
  const { close } = await rsbuild.build()
  await close()
}

export function rsbuildConfig(fixture: BundleCase, place: Place): RsbuildConfig {
  const hash = fixture.isHashed === false ? '' : '.[contenthash]'
  const script = `[name]${hash}.${extensionOf(fixture.format)}`
  const standard: RsbuildConfig = {
    mode: 'production',
    logLevel: 'error',
    plugins: place.plugins(),
    source: { entry: inputsOf(fixture, place) },
    performance: { printFileSize: false },
    splitChunks: false,
    output: {
      target: 'node',
      module: fixture.format !== 'cjs',
      distPath: { root: basename(place.outDir), js: '' },
      filename: { js: script },
      minify: fixture.isMinified ?? false,
      cleanDistPath: false,
      legalComments: 'inline',
      ...sourceMapOf(place.maps),
    },
    tools: { htmlPlugin: false, rspack: { output: { chunkFilename: `chunks/${script}` } } },
  }
  return fixture.rsbuild?.(standard, place) ?? standard
}

function sourceMapOf(maps: Place['maps']): { sourceMap?: false | { js: 'source-map' } } {
  if (maps === undefined) return {}
  const devtools = { hidden: 'hidden-source-map', visible: 'source-map', inline: 'inline-source-map' } as const
  return { sourceMap: maps === 'off' ? false : { js: devtools[maps] as 'source-map' } }
}
