import { relative } from 'node:path'
import { build, Logger, type UserConfig } from '@farmfe/core'
import type { BundleCase, Place } from '../types.ts'
import { extensionOf, inputsOf } from './input.ts'

export async function runFarm(fixture: BundleCase, place: Place): Promise<void> {
  const logger = new Logger()
  // Farm's own ends the process.
  logger.error = message => {
    throw message instanceof Error ? message : new Error(String(message))
  }
  await build({ ...farmConfig(fixture, place), logger } as Parameters<typeof build>[0])
}

function farmConfig(fixture: BundleCase, place: Place): UserConfig & { configFile: false } {
  const hash = fixture.isHashed === false ? '' : '.[contentHash]'
  const format = fixture.format === 'cjs' ? 'cjs' : 'esm'
  const inputs = Object.entries(inputsOf(fixture, place)).map(([name, path]) => [
    name,
    `./${relative(place.dir, path)}`,
  ])
  return {
    root: place.dir,
    configFile: false,
    plugins: place.plugins(),
    compilation: {
      mode: 'production',
      input: Object.fromEntries(inputs),
      output: {
        path: relative(place.dir, place.outDir),
        targetEnv: 'node',
        format,
        clean: false,
        filename: `[name]${hash}.${fixture.format === 'cjs' ? 'cjs' : '[ext]'}`,
        entryFilename: `[entryName]${hash}.${extensionOf(fixture.format)}`,
      },
      minify: fixture.isMinified ?? false,
      persistentCache: false,
      progress: false,
      presetEnv: false,
      ...sourcemapOf(place.maps),
    },
  }
}

function sourcemapOf(maps: Place['maps']): { sourcemap?: boolean | 'inline' } {
  if (maps === undefined) return {}
  return { sourcemap: maps === 'inline' ? 'inline' : maps !== 'off' }
}
