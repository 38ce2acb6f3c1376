import { followChanges, inlineMap, outdatedMapProblem, readTrailingComments } from '@mapseal/core'
import type { Asset, Compilation } from 'webpack'
import { bytesOf } from '../bytes.ts'
import { assetsOf, contentOf, mapOf } from './content.ts'
import { printOf } from './follow.ts'
import { generatedScripts } from './scripts.ts'

/** Scripts as they were when their maps were made, by name. */
export type AsMapped = Map<string, { code: string | Buffer; mapPrint: string | undefined }>

/**
 * Remembers scripts as Rspack has mapped them, where plugins change them before they are stamped. Rspack makes its maps before
 * any plugin has its turn at that stage; webpack makes them in the turn of a plugin that comes last.
 */
export function rememberMapped(compilation: Compilation, name: string): AsMapped {
  const asMapped: AsMapped = new Map()
  const { compiler, hooks } = compilation
  if (!('rspackVersion' in compiler.webpack)) return asMapped
  const stage = compiler.webpack.Compilation.PROCESS_ASSETS_STAGE_DEV_TOOLING
  const others = () => hooks.processAssets.taps.filter(tap => isBetween(tap, stage, name)).map(tap => tap.name)
  // The type knows one name alone; several may be given.
  hooks.processAssets.tap({ name, stage, before: others() as never }, () => {
    if (others().length === 0) return
    const scripts = generatedScripts(compilation)
    for (const asset of assetsOf(compilation).filter(asset => scripts.has(asset.name))) {
      const map = mapBytes(compilation, asset)
      asMapped.set(asset.name, { code: contentOf(asset.source), mapPrint: map && printOf(map) })
    }
  })
  return asMapped
}

/** The map for what other plugins have made of the script since, where they have not changed the map with it. */
export function mapOfNow(
  asMapped: AsMapped,
  name: string,
  now: string | Buffer,
  map: Buffer | undefined,
): { map?: Buffer | undefined; problem?: string } {
  const before = asMapped.get(name)
  if (!before || !map || before.mapPrint !== printOf(map) || String(before.code) === String(now)) return { map }
  const followed = followChanges(map, String(before.code), String(now), '')
  return followed.map ? followed : { problem: outdatedMapProblem }
}

export function mapBytes(compilation: Compilation, asset: Readonly<Asset>): Buffer | undefined {
  const mapAsset = mapOf(compilation, asset)
  return mapAsset ? bytesOf(mapAsset.source.source()) : inlineMap(readTrailingComments(contentOf(asset.source)).mapUrl)
}

function isBetween(tap: { name: string; stage?: number }, stage: number, name: string): boolean {
  const { stage: at = 0 } = tap
  return tap.name !== name && at >= stage && at <= stage + 1
}
