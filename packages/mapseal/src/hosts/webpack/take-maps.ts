import {
  bare,
  computeDebugId,
  inlineMap,
  mapPattern,
  readCssTail,
  readTail,
  scriptPattern,
  stylePattern,
} from '@mapseal/core'
import type { Asset } from 'webpack'
import { contentOf, mapOf, updateText, withTail } from './content.ts'
import type { CompilationSealing } from './sealing.ts'

/** Takes maps out of the assets, those of scripts and of style sheets. */
export function takeMaps(sealing: CompilationSealing): void {
  const { compilation, options } = sealing
  for (const asset of compilation.getAssets()) {
    const name = bare(asset.name)
    if (scriptPattern.test(name) || stylePattern.test(name)) takeMap(sealing, asset)
  }
  if (options.output === 'keep') return
  for (const { name } of compilation.getAssets()) if (mapPattern.test(bare(name))) compilation.deleteAsset(name)
}

function takeMap({ compilation, sealed }: CompilationSealing, asset: Readonly<Asset>): void {
  const name = bare(asset.name)
  const map = mapOf(compilation, asset)?.source
  const code = contentOf(asset.source)
  const tail = scriptPattern.test(name) ? readTail(code) : readCssTail(code)
  if (!map && tail.mapUrl === undefined) return
  const debugId = tail.debugId ?? computeDebugId(name, hash => void hash.update(code))
  const taken = map ?? inlineMap(tail.mapUrl)
  sealed.set(debugId, { debugId, ...sealed.get(debugId), ...(taken ? { map: taken } : {}) })
  if (tail.mapUrl === undefined) return
  const comment = tail.debugId ? `\n//# debugId=${tail.debugId}\n` : '\n'
  updateText(compilation, asset.name, withTail(code, tail.bodyEnd, comment))
}
