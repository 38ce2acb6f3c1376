import { isLong } from '../long/files.ts'
import type { Bundler } from './types.ts'

/** Older versions that people have, each with the bundler of the full matrix whose configs it takes. */
export const oldVersions = {
  'vite8.0': 'vite8',
  vite6: 'vite7',
  vite5: 'vite7',
  'vite5.0': 'vite7',
  'rollup4.0': 'rollup',
  rollup3: 'rollup',
  'rolldown1.0': 'rolldown',
  'webpack5.75': 'webpack',
  rspack1: 'rspack',
  'rspack1.0': 'rspack',
  'esbuild0.19': 'esbuild',
} as const satisfies Record<string, Bundler>

export type OldVersion = keyof typeof oldVersions

/** The cases of the smaller matrix that `npm test` runs: they show whether a version builds at all. */
const briefCases = ['chunks', 'styles']

/** Cases of the smaller matrix: those in which versions of a bundler are known to differ. */
const tellingCases: string[] = [
  'chunks',
  'directives',
  'environments',
  'environments-config-file',
  'esbuild-memory',
  'hashbang',
  'identical-entries',
  'integrity',
  'legacy',
  'library',
  'maps-inline',
  'maps-visible',
  'minified',
  'module-hashes',
  'multi-compiler',
  'native-ids',
  'non-ascii',
  'page',
  'several-pages',
  'split-runtime',
  'styles',
  'two-entries',
  'two-instances',
  'vite-workers',
  'workers',
]

export const oldCases: string[] = isLong ? tellingCases : briefCases

const noEnvironments = {
  environments: 'has no environments',
  'environments-config-file': 'has no environments',
}

const otherLegacy = {
  legacy: 'the plugin imports Vite itself, and is installed beside the newest of each major version',
}

/** What a version cannot have although newer ones of its bundler can, with the reason. */
export const leftOutByVersion: { [version in OldVersion]?: Record<string, string> } = {
  'vite8.0': otherLegacy,
  vite5: noEnvironments,
  'vite5.0': {
    ...noEnvironments,
    ...otherLegacy,
    'maps-inline': 'without the plugin, Vite leaves the comment in the middle of a chunk; hidden maps are compared',
    'maps-visible': 'without the plugin, Vite leaves the comment in the middle of a chunk; hidden maps are compared',
    'native-ids': 'without the plugin, Vite leaves the comment in the middle of a chunk',
  },
  'rollup4.0': { 'native-ids': 'Rollup writes them since 4.25' },
  rollup3: { hashbang: 'Rollup 3 drops it', 'native-ids': 'Rollup writes them since 4.25' },
  'webpack5.75': {
    hashbang: 'its BannerPlugin has no `stage`',
    'native-ids': 'webpack writes them since 5.97',
  },
  'rspack1.0': {
    integrity: 'has no such plugin',
    'native-ids': 'Rspack 1.0 writes none',
    'split-runtime': 'without the plugin, entries load the runtime under a name that it does not have',
  },
}
