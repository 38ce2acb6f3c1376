import type { Bundler } from './types.ts'

const rspack = 'the compiler is Rspack and the host is the same: see the column of rspack'

/** The cases in which Rsbuild may differ from Rspack alone. */
const rsbuild = [
  'chunks',
  'directives',
  'format-cjs',
  'link',
  'maps-inline',
  'maps-kept',
  'maps-off',
  'maps-visible',
  'minified',
  'no-hash',
  'non-ascii',
  'rsbuild-environments',
  'two-entries',
  'two-instances',
]

const farm: Record<string, string> = {
  decoys: 'Farm 1.7.11 aborts on these sources without the plugin too',
  directives: 'Farm drops directives',
  'format-iife': 'Farm has ES modules and CommonJS alone',
  'format-umd': 'Farm has ES modules and CommonJS alone',
  hashbang: 'Farm drops hashbangs',
  'include-exclude': 'Farm has no hidden source maps, so the host refuses these options',
  'other-snippet': 'the fixture is a plugin for other bundlers',
}

const bun: Record<string, string> = {
  'include-exclude':
    'Bun hashes a debug ID of its own from all it writes, so that of an excluded script is another one',
  'format-umd': 'Bun has no UMD',
  'link-kept': 'its destination is a function, and the build is in another process',
  'maps-kept': 'its destination is a function, and the build is in another process',
  'other-snippet': 'the fixture is a plugin for other bundlers',
}

/** Why a bundler lacks a case that the case itself does not leave out. */
export function reasonToLeaveOut(name: string, bundler: Bundler): string | undefined {
  if (bundler === 'rsbuild') return rsbuild.includes(name) ? undefined : rspack
  if (bundler === 'farm') return farm[name]
  return bundler === 'bun' ? bun[name] : undefined
}
