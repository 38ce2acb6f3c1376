import { resolve } from 'node:path'
import { bare, emptyMap, inject, isExportedLiteral, openMap, readTrailingComments } from '@mapseal/core'
import type { Asset } from 'webpack'
import { assetsOf, contentOf, mapOf, updateText } from './content.ts'
import { printOf } from './follow.ts'
import { mapBytes, mapOfNow } from './map-time.ts'
import { carriers, generatedScripts, hashNeutralizer, hasOriginal, heldPath } from './scripts.ts'
import type { CompilationSealing, Sealed } from './sealing.ts'
import { relateStrays } from './strays.ts'

/**
 * Injects into every generated script, and edits its map to fit if it is to stay in the output.
 *
 * @param isLate whether the assets came after the stage of source maps
 */
export function stampScripts(sealing: CompilationSealing, isLate: boolean): void {
  const { compilation, session, owner, outDir, stamped } = sealing
  if (!isLate) relateStrays(compilation)
  const scripts = generatedScripts(compilation)
  const carrierFiles = new Set(carriers(compilation).flatMap(chunk => [...chunk.files]))
  const neutralize = hashNeutralizer(compilation)
  for (const asset of assetsOf(compilation)) {
    if (!scripts.has(asset.name) || stamped.has(asset.name) || !session.selects(asset.name, outDir)) continue
    stamped.add(asset.name)
    if (isLate ? isRenamed(sealing, asset) : isSealed(sealing, asset)) continue
    // Those of a child may go into other scripts, so that several compilers have one of the name.
    if (!session.claim(resolve(outDir, asset.name), owner) && !compilation.compiler.isChild()) continue
    if (!isExportedLiteral(contentOf(asset.source)))
      stampScript(sealing, asset, { carriesRelease: carrierFiles.has(asset.name), neutralize })
  }
}

/** webpack hands assets over once more when their real content hash has renamed them. */
function isRenamed({ session }: CompilationSealing, asset: Readonly<Asset>): boolean {
  const { debugId } = readTrailingComments(contentOf(asset.source))
  return debugId !== undefined && session.hasId(debugId)
}

/** Whether it was sealed in a child compilation. */
function isSealed({ sealed }: CompilationSealing, asset: Readonly<Asset>): boolean {
  const { debugId } = readTrailingComments(contentOf(asset.source))
  return debugId !== undefined && sealed.has(debugId)
}

/** Whether modules stand in it as text to be evaluated, each with its source map. */
function hasEvalMaps(code: string | Buffer): boolean {
  const at = code.indexOf('//# sourceMappingURL=data:application/json')
  // Behind the code stands the script's own map, which is taken out.
  if (at < 0 || at >= readTrailingComments(code).bodyEnd) return false
  return /^\/\/# [^\s"'\\]*base64,[\w+/]{40}/.test(code.slice(at, at + 200).toString())
}

interface ScriptTraits {
  carriesRelease: boolean
  neutralize(text: string): string
}

function stampScript(
  { compilation, session, options, outDir, asMapped, sealed }: CompilationSealing,
  asset: Readonly<Asset>,
  { carriesRelease, neutralize }: ScriptTraits,
): void {
  const before = contentOf(asset.source)
  if (compilation.compiler.options.mode !== 'development' && hasEvalMaps(before)) {
    session.reveals(outDir, { path: bare(asset.name), kind: 'eval' })
  }
  const mapAsset = mapOf(compilation, asset)
  const made = mapBytes(compilation, asset) ?? (hasOriginal(compilation, asset) ? undefined : emptyMap)
  const { map: bytes, problem } = mapOfNow(asMapped, asset.name, before, made)
  const map = bytes && openMap(bytes)
  const link = map && ((id: string) => session.link(bare(asset.name), id))
  const { code, debugId, insertion } = inject(before, {
    path: bare(asset.name),
    snippet: session.snippet(carriesRelease),
    supplement: session.supplement(carriesRelease),
    mapDebugId: map?.debugId,
    takeId: id => session.takeId(id, resolve(outDir, asset.name)),
    neutralize,
    link,
  })
  updateText(compilation, asset.name, code)
  const stamped = { code, mapPrint: bytes && printOf(bytes) }
  const isLinked = link?.(debugId) !== undefined
  if (problem !== undefined) return void sealed.set(debugId, { debugId, isLinked, isUnfit: true, problem })
  const { RawSource } = compilation.compiler.webpack.sources
  const source = bytes && bytes !== made ? new RawSource(bytes) : mapAsset?.source
  if (mapAsset && source && source !== mapAsset.source) compilation.updateAsset(mapAsset.name, source)
  const edit = { insertion, debugId }
  // Another plugin may delete both, such as one that puts scripts into pages.
  const held = { path: heldPath(compilation, asset.name, debugId), code }
  if (!mapAsset || options.output === 'sealed') {
    sealed.set(debugId, { debugId, isLinked, edit, stamped, held, ...(bytes && { map: mapAsset ? source : bytes }) })
    return
  }
  const edited = map?.edit(edit)
  if (edited) compilation.updateAsset(mapAsset.name, new RawSource(edited.map))
  const entry: Sealed = { debugId, isLinked, held, ...(edited && { map: edited.map }) }
  sealed.set(debugId, edited?.problem ? { ...entry, problem: edited.problem } : entry)
}
