import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Options } from 'mapseal'
import { runProgram } from '../../support/command.ts'
import type { BundleCase, Place } from '../types.ts'
import { extensionOf, inputsOf } from './input.ts'

const child = fileURLToPath(new URL('./bun-child.ts', import.meta.url))
// Bun's own package downloads a binary when it is installed; these are the binary.
const build = `@oven/bun-${process.platform}-${process.arch.replace('arm64', 'aarch64')}`
const bun = join(dirname(createRequire(import.meta.url).resolve(`${build}/package.json`)), 'bin/bun')

/** A build in a Bun process, since only Bun has its bundler. The place gives the plugin as the options to make it with. */
export async function runBun(fixture: BundleCase, place: Place): Promise<void> {
  const plugins = place.plugins() as Options[]
  const standard = bunConfig(fixture, place)
  const task = JSON.stringify({ plugins, config: fixture.bun?.(standard, place) ?? standard })
  const { code, stdout, stderr } = await runProgram(bun, ['--conditions=mapseal-source', child, task], {
    cwd: place.dir,
  })
  if (code !== 0) throw new Error(`bun ended with ${code}:\n${stdout}${stderr}`)
  for (const warning of JSON.parse(stdout.trim().split('\n').at(-1) as string)) plugins[0]?.logger?.warn(warning)
}

/** What the cases use of the configuration of `Bun.build`, as JSON. */
export interface BunConfig {
  entrypoints: string[]
  outdir: string
  naming: { entry: string; chunk: string; asset: string }
  banner?: string
  footer?: string
  [key: string]: unknown
}

function bunConfig(fixture: BundleCase, place: Place): BunConfig {
  const format = fixture.format ?? 'esm'
  const hash = fixture.isHashed === false ? '' : '-[hash]'
  return {
    // Relative, as users write them: Bun's maps name what is outside the working folder.
    entrypoints: Object.values(inputsOf(fixture, place)).map(path => `./${relative(place.dir, path)}`),
    outdir: place.outDir,
    format,
    target: format === 'iife' ? 'browser' : 'node',
    splitting: format === 'esm',
    minify: fixture.isMinified ?? false,
    naming: {
      entry: `[name]${hash}.${extensionOf(fixture.format)}`,
      chunk: `chunks/[name]-[hash].${extensionOf(fixture.format)}`,
      asset: `assets/[name]${hash}.[ext]`,
    },
    ...sourcemapOf(place.maps),
  }
}

function sourcemapOf(maps: Place['maps']): { sourcemap?: string } {
  if (maps === undefined) return {}
  return { sourcemap: { hidden: 'external', visible: 'linked', inline: 'inline', off: 'none' }[maps] }
}
