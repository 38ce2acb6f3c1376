import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Packages whose versions are included, as in Sentry's plugins. */
const versioned = [
  ...['react', '@angular/core', 'vue', 'ember-source', 'svelte', '@sveltejs/kit'],
  ...['webpack', 'vite', 'gatsby', 'next', 'remix', 'rollup', 'esbuild'],
]

/** The value of `SENTRY_BUILD_INFO`. */
export interface BuildInformation {
  /** The names of all dependencies. */
  deps: string[]
  /** Major versions, by name. */
  depsVersions: Record<string, number>
  nodeVersion: number | undefined
}

export function buildInformation(cwd: string): BuildInformation {
  const { dependencies, devDependencies } = nearestManifest(cwd)
  const all = { ...devDependencies, ...dependencies }
  const deps = Object.keys(all).sort()
  const majors = deps.flatMap(name => {
    const major = versioned.includes(name) ? majorOf(String(all[name])) : undefined
    return major === undefined ? [] : [[name, major]]
  })
  return { deps, depsVersions: Object.fromEntries(majors), nodeVersion: majorOf(process.version) }
}

interface Manifest {
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

/** The package's own: a `package.json` of nothing but a module type has neither name nor `private`. */
function nearestManifest(from: string): Manifest {
  for (let folder = from; ; folder = dirname(folder)) {
    const manifest = readManifest(join(folder, 'package.json'))
    if (manifest && ('name' in manifest || 'private' in manifest)) return manifest
    if (dirname(folder) === folder) return {}
  }
}

/** Undefined where there is none that is JSON. */
function readManifest(path: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Manifest
  } catch {
    return undefined
  }
}

/** The major of a version or a range: `^19.1.0` is 19. */
function majorOf(version: string): number | undefined {
  const [major] = /\d+/.exec(version) ?? []
  return major === undefined ? undefined : Number(major)
}
