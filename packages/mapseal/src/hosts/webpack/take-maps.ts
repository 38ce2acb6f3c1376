import {
  bare,
  computeDebugId,
  inlineMap,
  isDeclarationMap,
  isExportedLiteral,
  mapPattern,
  readCssTrailingComment,
  readTrailingComments,
  scriptPattern,
  stylePattern,
} from '@mapseal/core'
import type { Asset, sources } from 'webpack'
import { bytesOf } from '../bytes.ts'
import { withComment } from '../comment.ts'
import { contentOf, mapOf, updateText, withTrailingComments } from './content.ts'
import { generatedScripts } from './scripts.ts'
import type { CompilationSealing } from './sealing.ts'
import { takeStrays } from './strays.ts'

/** Takes maps out of the assets, those of scripts and of style sheets. */
export function takeMaps(sealing: CompilationSealing): void {
  const { compilation, options, session, outDir } = sealing
  const generated = generatedScripts(compilation)
  const maps = new Set<string>()
  for (const asset of compilation.getAssets()) {
    const name = bare(asset.name)
    const isScript = scriptPattern.test(name) || generated.has(asset.name)
    if (!isScript && !stylePattern.test(name)) continue
    if (!session.selects(asset.name, outDir) || !isThere(asset)) continue
    const map = mapOf(compilation, asset)
    if (map) maps.add(map.name)
    const source = (generated.has(asset.name) && restoreComment(sealing, asset)) || asset.source
    takeMap(sealing, { ...asset, source }, isScript, map?.source)
  }
  if (options.output === 'keep') return
  for (const { name, source } of compilation.getAssets()) {
    const path = bare(name)
    // A script's map is large, and not looked at again.
    const isLeft = mapPattern.test(path) && !session.allows(path)
    if (maps.has(name) || (isLeft && !isDeclarationMap(path, bytesOf(contentOf(source))))) compilation.deleteAsset(name)
  }
  takeStrays(sealing)
}

/** Rspack lists what another plugin has deleted from the object of the assets. */
export function isThere({ source }: Pick<Asset, 'source'>): boolean {
  return source !== undefined
}

/** @returns the new source of a script in which other plugins have put code behind the comment with the ID, or stripped it */
function restoreComment(
  { compilation, sealed }: CompilationSealing,
  asset: Readonly<Asset>,
): sources.Source | undefined {
  const code = contentOf(asset.source)
  if (readTrailingComments(code).debugId !== undefined) return undefined
  const id = [...sealed.keys()].find(debugId => code.includes(debugId))
  if (!id) return undefined
  updateText(compilation, asset.name, withComment(code.toString(), id))
  return compilation.getAsset(asset.name)?.source
}

function takeMap(
  { compilation, sealed }: CompilationSealing,
  asset: Readonly<Asset>,
  isScript: boolean,
  map: sources.Source | undefined,
): void {
  const name = bare(asset.name)
  const code = contentOf(asset.source)
  const comments = isScript ? readTrailingComments(code) : readCssTrailingComment(code)
  const stamped = comments.debugId === undefined ? undefined : sealed.get(comments.debugId)
  if (stamped) stamped.held = { path: name, code }
  const isLiteral = isScript && comments.debugId === undefined && isExportedLiteral(code)
  if (!map && comments.mapUrl === undefined) return
  const debugId = comments.debugId ?? computeDebugId(name, hash => void hash.update(code))
  const taken = map ?? inlineMap(comments.mapUrl)
  if (!isLiteral) sealed.set(debugId, { debugId, ...sealed.get(debugId), ...(taken ? { map: taken } : {}) })
  if (comments.mapUrl === undefined) return
  const comment = comments.debugId ? `\n//# debugId=${comments.debugId}\n` : '\n'
  updateText(compilation, asset.name, withTrailingComments(code, comments.bodyEnd, comment))
}
