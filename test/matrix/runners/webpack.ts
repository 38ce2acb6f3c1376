/// <reference path="../toolchains.d.ts" />
import { createRequire } from 'node:module'
import { requireRspack, requireWebpack } from '@mapseal-test/oldest'
import type { Configuration as RspackConfiguration } from '@rspack/core'
import type { Compiler, Configuration, MultiCompiler } from 'webpack'
import type { BundleCase, Place } from '../types.ts'
import { extensionOf, inputsOf } from './input.ts'

const require = createRequire(import.meta.url)

/** One compiler or several: both end in the same way. */
type AnyCompiler = Compiler | MultiCompiler

type Webpack = typeof import('webpack')

/** webpack, or Rspack, which has the same API. */
export function webpackOf(place: Place): Webpack {
  if (place.bundler === 'rspack') return rspackOf(place).rspack as unknown as Webpack
  return place.version ? requireWebpack() : (require('webpack') as Webpack)
}

/** Rspack of the version that the place is for. */
export function rspackOf({ version }: Place): typeof import('@rspack/core') {
  return version ? requireRspack(version === 'rspack1' ? 1 : '1.0') : require('@rspack/core')
}

export async function runWebpack(fixture: BundleCase, place: Place): Promise<void> {
  const config = webpackConfig(fixture, place)
  await runCompiler(webpackOf(place)(config))
}

export function webpackConfig(fixture: BundleCase, place: Place): Configuration {
  const standard: Configuration = {
    context: place.dir,
    mode: 'production',
    entry: inputsOf(fixture, place),
    plugins: place.plugins(),
    infrastructureLogging: { level: 'none' },
    optimization: { minimize: fixture.isMinified ?? false },
    performance: false,
    ...devtoolOf(place.maps),
    ...formatOf(fixture, place),
  }
  if (place.bundler === 'webpack' || !fixture.rspack) return fixture.webpack?.(standard, place) ?? standard
  return fixture.rspack(standard as RspackConfiguration, place) as Configuration
}

function formatOf({ format = 'cjs', isHashed }: BundleCase, { outDir }: Place): Configuration {
  const hash = isHashed === false ? '' : '.[contenthash]'
  const extension = extensionOf(format)
  const output = {
    path: outDir,
    filename: `[name]${hash}.${extension}`,
    chunkFilename: `chunks/[name]${hash}.${extension}`,
    assetModuleFilename: `assets/[name]${hash}[ext]`,
  }
  if (format === 'esm') {
    const module = { ...output, module: true, library: { type: 'module' } }
    return { target: ['node20', 'es2022'], experiments: { outputModule: true }, output: module }
  }
  if (format === 'cjs') return { target: 'node20', output: { ...output, library: { type: 'commonjs2' } } }
  const named = format === 'umd' ? { name: 'Fixture' } : {}
  const library = format === 'iife' ? {} : { library: { ...named, type: format } }
  return { target: ['web', 'es2020'], output: { ...output, ...library, globalObject: 'globalThis' } }
}

function devtoolOf(maps: Place['maps']): Pick<Configuration, 'devtool'> {
  if (maps === undefined) return {}
  const devtools = { hidden: 'hidden-source-map', visible: 'source-map', inline: 'inline-source-map', off: false }
  return { devtool: devtools[maps] as Configuration['devtool'] }
}

/** Runs and closes. @throws for errors in the build */
export async function runCompiler(compiler: AnyCompiler): Promise<void> {
  const errors = await new Promise<string>((resolve, reject) => {
    compiler.run((error: Error | null, stats?: { toString(options: object): string; hasErrors(): boolean }) => {
      if (error) reject(error)
      else resolve(stats?.hasErrors() ? stats.toString({ all: false, errors: true }) : '')
    })
  })
  await new Promise<void>((resolve, reject) => compiler.close(error => (error ? reject(error) : resolve())))
  if (errors) throw new Error(errors)
}
