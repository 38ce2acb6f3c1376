import type * as rsbuild from '@rsbuild/core'
import type * as rspack from '@rspack/core'
import type * as esbuild from 'esbuild'
import type * as rolldown from 'rolldown'
import type * as rollup from 'rollup'
import type * as vite from 'vite'
import type * as webpack from 'webpack'
import type { BunConfig } from './runners/bun.ts'
import type { OldVersion } from './versions.ts'

export const bundlers = [
  'vite8',
  'vite7',
  'rollup',
  'rolldown',
  'webpack',
  'rspack',
  'esbuild',
  'rsbuild',
  'farm',
  'bun',
] as const
export type Bundler = (typeof bundlers)[number]

export type Format = 'esm' | 'cjs' | 'iife' | 'umd' | 'system'
export type MapSetting = 'hidden' | 'visible' | 'inline' | 'off'

/** Paths relative to the output folder, with forward slashes. */
export type Files = Map<string, Buffer>

/** What a build left behind. `maps` is keyed by the script's path, not the map's. */
export interface Build {
  outDir: string
  /** Everything but maps. */
  files: Files
  maps: Files
}

/** One build's circumstances: the folder, and whether the plugin is in. */
export interface Place {
  bundler: Bundler
  /** Instead of the newest. */
  version?: OldVersion | undefined
  /** The project: a copy of the fixture. */
  dir: string
  outDir: string
  /** A fresh plugin instance in a list; an empty list in a baseline. */
  plugins(): Plugins
  /** Undefined means that the config does not mention maps. */
  maps: MapSetting | undefined
}

/** A plugin of whichever bundler the place is for; each runner knows. */
// biome-ignore lint/suspicious/noExplicitAny: six bundlers' plugin types have no common supertype but this
export type Plugins = any[]

/** Changes the standard config of one bundler family. */
export type Change<Config> = (config: Config, place: Place) => Config

/** What is known once a cell has made its builds. */
export interface Outcome {
  place: Place
  baseline: Build
  sealed: Build
  /** Everything in the sealed output. */
  written: Files
  /** From the vault, by script. */
  ids: Map<string, string>
  vaultDir: string
  warnings: string[]
}

export interface BundleCase {
  kind: 'bundle'
  /** One sentence: the trap. */
  about: string
  /** Another case's folder, for cases that differ in config alone. */
  sources?: string
  /** Adds to the copied project what is not kept in the repository. */
  prepare?: (dir: string) => Promise<void>
  /** @default { main: 'src/main.js' } */
  input?: Record<string, string>
  /** @default ES modules; CommonJS for Node on webpack and Rspack */
  format?: Format
  /** @default false */
  isMinified?: boolean
  /** Content hashes in file names. @default true */
  isHashed?: boolean
  /** What the user's config says. @default nothing */
  maps?: MapSetting
  rollup?: Change<rollup.RollupOptions>
  /** @default `rollup` */
  rolldown?: Change<rolldown.RolldownOptions>
  vite?: Change<vite.InlineConfig>
  webpack?: Change<webpack.Configuration>
  /** @default `webpack` */
  rspack?: Change<rspack.Configuration>
  esbuild?: Change<esbuild.BuildOptions>
  rsbuild?: Change<rsbuild.RsbuildConfig>
  bun?: Change<BunConfig>
  /** Instead of the standard run; returns files that were not written. */
  build?: (place: Place, standard: () => Promise<void>) => Promise<Files | undefined | undefined>
  /** Build records that it makes. @default 1 */
  builds?: number
  /** How many instances of the plugin the config has. @default 1 */
  instances?: number
  /** Whether some script names the release. @default true */
  carriesRelease?: boolean
  /** Options of the plugin. */
  options?: Record<string, unknown>
  /** Bundlers that cannot have the case, with the reason. */
  leftOut?: Partial<Record<Bundler, string>>
  /** Where the output runs, or why it cannot. @default 'node' */
  run?: 'node' | 'browser' | { not: string }
  /** For `run: 'browser'`. @default ['index.html'] */
  pages?: string[]
  /** Scripts that the run does not load, such as workers. */
  isUnloaded?: (path: string) => boolean
  /** Scripts that are not generated, such as copies from `public`. */
  isForeign?: (path: string) => boolean
  /** Scripts that the options have left as they are. */
  isExcluded?: (path: string) => boolean
  /** Scripts that are text inside another in the output; the vault keeps them for the stacks of their blobs. */
  isInlined?: (path: string) => boolean
  /** Warnings of ours that the case is about. */
  warnings?: RegExp[]
  /** For the oracle: what else may differ in code. */
  compare?: { neutralize?: (code: string) => string; isExtraAllowed?: (path: string) => boolean }
  /** Assertions that the invariants do not make; returns what is wrong. */
  check?: (outcome: Outcome) => string[] | Promise<string[]>
  /** Assertions that cannot hold, with the reason. */
  except?: Partial<Record<Assertion, string>>
}

export type Assertion = 'sealed' | 'mappings' | 'elsewhere' | 'release' | 'releaseIds' | 'disabled'

export interface FolderCase {
  kind: 'folder'
  about: string
  /** Changes the copied folder before it is sealed. */
  prepare?: (dir: string) => Promise<void>
  /** Scripts whose map cannot be compared. */
  isUnreadable?: (path: string) => boolean
  /** Scripts that must be reported as not decodable. */
  problems?: Record<string, RegExp>
  warnings?: RegExp[]
  check?: (outcome: Omit<Outcome, 'place'>) => string[] | Promise<string[]>
}

export type Case = BundleCase | FolderCase

/** For a case that only some bundlers can have. */
export function allBut(kept: Bundler[], reason: string): Partial<Record<Bundler, string>> {
  return Object.fromEntries(bundlers.filter(bundler => !kept.includes(bundler)).map(bundler => [bundler, reason]))
}

export function bundleCase(fixture: Omit<BundleCase, 'kind'>): BundleCase {
  return { kind: 'bundle', ...fixture }
}

export function folderCase(fixture: Omit<FolderCase, 'kind'>): FolderCase {
  return { kind: 'folder', ...fixture }
}
