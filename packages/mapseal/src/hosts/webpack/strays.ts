import {
  bare,
  computeDebugId,
  fits,
  isDeclarationMap,
  mapPattern,
  mayBeMap,
  mayHoldMap,
  readMapShape,
  scriptOf,
} from '@mapseal/core'
import type { Asset, Compilation } from 'webpack'
import { bytesOf } from '../bytes.ts'
import { warnOfStrays } from '../stray-warning.ts'
import { contentOf, mapOf } from './content.ts'
import { generatedScripts } from './scripts.ts'
import type { CompilationSealing } from './sealing.ts'

/** Source maps among the assets that no other is related to: other plugins wrote them, under names of their own. */
function findStrays(compilation: Compilation): Readonly<Asset>[] {
  const assets = compilation.getAssets()
  const related = new Set(assets.map(asset => mapOf(compilation, asset)?.name))
  return assets.filter(({ name, source }) => {
    if (related.has(name) || !mayHoldMap(bare(name))) return false
    const content = contentOf(source)
    if (!mayBeMap(bytesOf(content.slice(0, 512)))) return false
    const bytes = bytesOf(content)
    return readMapShape(bytes, mapPattern.test(bare(name))) !== undefined && !isDeclarationMap(bare(name), bytes)
  })
}

/** Relates strays to the scripts without a map that they name in their `file`, where they fit; before the scripts change. */
export function relateStrays(compilation: Compilation): void {
  const strays = findStrays(compilation)
  if (strays.length === 0) return
  const generated = generatedScripts(compilation)
  for (const { name, source } of strays) {
    const bytes = bytesOf(contentOf(source))
    const { file } = readMapShape(bytes, true) ?? {}
    const unmapped = compilation
      .getAssets()
      .filter(asset => generated.has(asset.name) && mapOf(compilation, asset) === undefined)
    const paths = unmapped.map(asset => bare(asset.name))
    const path = file === undefined ? undefined : scriptOf(bare(name), file, paths)
    const script = unmapped.find(asset => bare(asset.name) === path)
    if (script && fits(bytes, contentOf(script.source).toString()))
      compilation.updateAsset(script.name, source => source, { related: { sourceMap: name } })
  }
}

/** Takes those that are of no script out of the assets; {@link storeStrays} puts them into the vault. */
export function takeStrays({ compilation, session, strays }: CompilationSealing): void {
  for (const { name, source } of findStrays(compilation)) {
    if (session.allows(bare(name))) continue
    strays.set(bare(name), bytesOf(contentOf(source)))
    compilation.deleteAsset(name)
  }
}

export async function storeStrays({ session, outDir, options, strays }: CompilationSealing): Promise<void> {
  for (const [path, map] of strays) {
    const debugId = computeDebugId(path, hash => void hash.update(map))
    await session.add(outDir, { path, debugId, code: Buffer.alloc(0), map })
  }
  warnOfStrays([...strays.keys()], options.logger)
  strays.clear()
}
