import {
  bare,
  computeDebugId,
  inlineMap,
  isExportedLiteral,
  mapPattern,
  mayBePublic,
  readCssTrailingComment,
  readTrailingComments,
  scriptPattern,
  stylePattern,
  writeTrailingComments,
} from '@mapseal/core'
import type { Asset, sources } from 'webpack'
import { bytesOf } from '../bytes.ts'
import { withComments } from '../comment.ts'
import { assetsOf, contentOf, mapOf, updateText, withTrailingComments } from './content.ts'
import { generatedScripts, heldPath } from './scripts.ts'
import type { CompilationSealing } from './sealing.ts'
import { takeStrays } from './strays.ts'

/** Takes maps out of the assets, those of scripts and of style sheets. */
export function takeMaps(sealing: CompilationSealing): void {
  const { compilation, options, session, outDir } = sealing
  const generated = generatedScripts(compilation)
  const maps = new Set<string>()
  for (const asset of assetsOf(compilation)) {
    const name = bare(asset.name)
    const isScript = scriptPattern.test(name) || generated.has(asset.name)
    if (!isScript && !stylePattern.test(name)) continue
    if (!session.selects(asset.name, outDir)) continue
    const map = mapOf(compilation, asset)
    if (map) maps.add(map.name)
    const source = (generated.has(asset.name) && restoreComment(sealing, asset)) || asset.source
    takeMap(sealing, { ...asset, source }, isScript, map?.source)
  }
  if (options.output === 'keep') return
  for (const { name, source } of assetsOf(compilation)) {
    const path = bare(name)
    // A script's map is large, and not looked at again.
    const isLeft = mapPattern.test(path) && !session.allows(path)
    if (maps.has(name) || (isLeft && !mayBePublic(path, bytesOf(contentOf(source))))) compilation.deleteAsset(name)
  }
  takeStrays(sealing)
}

/** @returns the new source of a script in which other plugins have put code behind the comment with the ID, or stripped it */
function restoreComment(sealing: CompilationSealing, asset: Readonly<Asset>): sources.Source | undefined {
  const { compilation, sealed } = sealing
  const code = contentOf(asset.source)
  if (readTrailingComments(code).debugId !== undefined) return undefined
  const id = [...sealed.keys()].find(debugId => code.includes(debugId))
  if (!id) return undefined
  updateText(compilation, asset.name, withComments(code.toString(), id, linkOf(sealing, asset, id)))
  return compilation.getAsset(asset.name)?.source
}

/** Where a script that was stamped says that its map is, by the name that it has now. */
function linkOf(
  { sealed, session }: CompilationSealing,
  { name }: Readonly<Asset>,
  debugId: string,
): string | undefined {
  return sealed.get(debugId)?.isLinked ? session.link(bare(name), debugId) : undefined
}

function takeMap(
  sealing: CompilationSealing,
  asset: Readonly<Asset>,
  isScript: boolean,
  map: sources.Source | undefined,
): void {
  const { compilation, sealed } = sealing
  const name = bare(asset.name)
  const code = contentOf(asset.source)
  const comments = isScript ? readTrailingComments(code) : readCssTrailingComment(code)
  const stamped = comments.debugId === undefined ? undefined : sealed.get(comments.debugId)
  if (stamped) stamped.held = { path: heldPath(compilation, name, stamped.debugId), code }
  const isLiteral = isScript && comments.debugId === undefined && isExportedLiteral(code)
  const link = comments.debugId === undefined ? undefined : linkOf(sealing, asset, comments.debugId)
  const isForeign = comments.mapUrl !== undefined && comments.mapUrl !== link
  if (!map && !isForeign) return
  const debugId = comments.debugId ?? computeDebugId(name, hash => void hash.update(code))
  const taken = map ?? inlineMap(comments.mapUrl)
  if (!isLiteral) sealed.set(debugId, { debugId, ...sealed.get(debugId), ...(taken ? { map: taken } : {}) })
  if (!isForeign) return
  const block = writeTrailingComments({ debugId: comments.debugId, mapUrl: link })
  updateText(compilation, asset.name, withTrailingComments(code, comments.bodyEnd, block))
}
