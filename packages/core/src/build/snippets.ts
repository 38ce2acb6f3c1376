import type { Destination } from '../deliver/destination.ts'
import { linkSeed } from '../inject/link.ts'
import { createSnippet, defaultRegistry } from '../inject/snippet.ts'
import type { ResolvedOptions } from '../options.ts'
import type { Registry, Release } from '../types.ts'

/** The texts that the scripts of a build get. */
export interface Snippets {
  /** The text to inject, with or without the release's name. */
  snippet(carriesRelease: boolean): string
  /** What a script lacks that another tool registers; undefined where that is nothing. */
  supplement(carriesRelease: boolean): string | undefined
  /** Everything that is put into a script and does not depend on the script: what names that hold a hash depend on. */
  nameSeed(carriesRelease: boolean): string
}

export function createSnippets(
  { destinations, link }: Pick<ResolvedOptions, 'destinations' | 'link'>,
  release: Release | undefined,
): Snippets {
  const registries = registriesOf(destinations, release)
  const globals = Object.assign({}, ...destinations.map(destination => destination.globals))
  const releaseGlobals = releaseGlobalsOf(destinations, release)
  const textOf = (filled: Registry[], carriesRelease: boolean) =>
    createSnippet(
      filled,
      carriesRelease ? release : undefined,
      carriesRelease ? { ...globals, ...releaseGlobals } : globals,
    )
  const others = registries.filter(({ global }) => global !== defaultRegistry.global)
  const supplementOf = (carriesRelease: boolean) => {
    const isNamed = carriesRelease && release !== undefined
    const isEmpty = others.length === 0 && !isNamed && Object.keys(globals).length === 0
    return isEmpty ? undefined : textOf(others, carriesRelease)
  }
  // Made once, and not for each script.
  const [plain, carrying] = [textOf(registries, false), textOf(registries, true)]
  const [plainSupplement, carryingSupplement] = [supplementOf(false), supplementOf(true)]
  const snippet = (carriesRelease: boolean) => (carriesRelease ? carrying : plain)
  return {
    snippet,
    supplement: carriesRelease => (carriesRelease ? carryingSupplement : plainSupplement),
    nameSeed: carriesRelease => snippet(carriesRelease) + linkSeed(link),
  }
}

/** What names the release in a module of its own, which the bundler gives its name and its debug ID. */
export function createReleaseModule(
  { destinations }: Pick<ResolvedOptions, 'destinations'>,
  release: Release | undefined,
): string {
  return release ? createSnippet([], release, releaseGlobalsOf(destinations, release)) : ''
}

function releaseGlobalsOf(
  destinations: ResolvedOptions['destinations'],
  release: Release | undefined,
): Destination['globals'] {
  return Object.assign({}, ...destinations.map(destination => release && destination.releaseGlobals?.(release)))
}

function registriesOf(destinations: ResolvedOptions['destinations'], release: Release | undefined): Registry[] {
  const byGlobal = new Map([[defaultRegistry.global, defaultRegistry]])
  for (const { global, entry } of destinations.flatMap(destination => destination.registries ?? [])) {
    byGlobal.set(global, entry ? { global, entry: debugId => entry(debugId, release) } : { global })
  }
  return [...byGlobal.values()]
}
