import { bare } from '@mapseal/core'
import type { Asset, Compilation } from 'webpack'
import { bytesOf } from '../bytes.ts'
import { isStray, keepStray, ownerOf, warnOfStrays } from '../stray-maps.ts'
import { assetsOf, contentOf, mapOf } from './content.ts'
import { generatedScripts } from './scripts.ts'
import type { CompilationSealing } from './sealing.ts'

/** Source maps among the assets that no other is related to: other plugins wrote them, under names of their own. */
function findStrays(compilation: Compilation): Readonly<Asset>[] {
  const assets = assetsOf(compilation)
  const related = new Set(assets.map(asset => mapOf(compilation, asset)?.name))
  return assets.filter(({ name, source }) => !related.has(name) && isStray(bare(name), () => contentOf(source)))
}

/** Relates strays to the scripts without a map that they name in their `file`, where they fit; before the scripts change. */
export function relateStrays(compilation: Compilation): void {
  const strays = findStrays(compilation)
  if (strays.length === 0) return
  const generated = generatedScripts(compilation)
  for (const { name, source } of strays) {
    const unmapped = assetsOf(compilation).filter(
      asset => generated.has(asset.name) && mapOf(compilation, asset) === undefined,
    )
    const paths = unmapped.map(asset => bare(asset.name))
    const codeAt = (index: number) => contentOf((unmapped[index] as Asset).source).toString()
    const script = unmapped[ownerOf(bare(name), bytesOf(contentOf(source)), paths, codeAt)]
    if (script) compilation.updateAsset(script.name, source => source, { related: { sourceMap: name } })
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
  for (const [path, map] of strays) await keepStray(session, outDir, path, map)
  warnOfStrays([...strays.keys()], options.logger)
  strays.clear()
}
