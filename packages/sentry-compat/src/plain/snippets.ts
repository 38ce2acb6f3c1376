import { createSnippet, detectRelease, type Registry, type Release } from '@mapseal/core'
import type { Plan } from '../plan.ts'

/** What scripts get where debug IDs are switched off; empty where that is nothing. */
export interface PlainSnippets {
  release: Release | undefined
  /** For the script that starts a page or a program: with the release. */
  entry: string
  /** For all others. */
  other: string
}

export async function loadSnippets({ destination, mapseal, place }: Plan): Promise<PlainSnippets> {
  const { release: option } = mapseal
  const wanted = typeof option === 'object' ? { name: option.name, dist: option.dist } : false
  const release = await detectRelease(wanted, place.root)
  const registries = (destination.registries ?? []).flatMap(registry => bound(registry, release))
  const { _sentryDebugIdIdentifier, ...globals } = destination.globals ?? {}
  const isEmpty = registries.length === 0 && Object.keys(globals).length === 0
  return {
    release,
    entry: isEmpty && !release ? '' : createSnippet(registries, release, globals),
    other: isEmpty ? '' : createSnippet(registries, undefined, globals),
  }
}

/** All but that of debug IDs. */
function bound({ global, entry }: Registry, release: Release | undefined): Registry[] {
  return entry ? [{ global, entry: debugId => entry(debugId, release) }] : []
}
