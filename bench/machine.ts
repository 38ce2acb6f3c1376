import { readFile } from 'node:fs/promises'
import { availableParallelism, cpus, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { contestants } from './contestants/list.ts'
import { REPOSITORY, ROOT } from './places.ts'

export interface Machine {
  cores: number
  processor: string
  memoryBytes: number
  system: string
  node: string
}

export function thisMachine(): Machine {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryBytes: totalmem(),
    system: `${type()} ${release().replace(/[-+].*/, '')}`,
    node: process.versions.node,
  }
}

/** Where each bundler and tool is that the builds use. */
const TOOLS: Record<string, string> = {
  'Vite 8': 'node_modules/vite',
  'Vite 7': 'test/toolchains/vite7/node_modules/vite',
  webpack: 'node_modules/webpack',
  Rspack: 'node_modules/@rspack/core',
  Rollup: 'node_modules/rollup',
  Rolldown: 'node_modules/rolldown',
  esbuild: 'node_modules/esbuild',
  'sentry-cli 2': 'node_modules/sentry-cli-2',
  'sentry-cli 3': 'node_modules/sentry-cli-3',
}

/** By the tool's name, and by the package's name with the peer's title before it. */
export type Versions = Record<string, string>

export async function readVersions(): Promise<Versions> {
  const versions: Versions = {}
  for (const [name, folder] of Object.entries(TOOLS)) {
    versions[name] = (await readManifest(join(REPOSITORY, folder))).version
  }
  for (const { name, title } of contestants) {
    const { dependencies = {} } = await readManifest(join(ROOT, 'contestants', name))
    for (const [dependency, version] of Object.entries(dependencies)) versions[`${title}: ${dependency}`] = version
  }
  return versions
}

async function readManifest(folder: string): Promise<{ version: string; dependencies?: Record<string, string> }> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
}
