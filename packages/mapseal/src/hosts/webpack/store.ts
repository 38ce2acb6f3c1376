import { bare, computeDebugId, openMap, readTrailingComments, scriptPattern, stylePattern } from '@mapseal/core'
import { type Scratches, withScratches } from '../scratch.ts'
import { assetsOf, contentOf } from './content.ts'
import { followStamped, printOf } from './follow.ts'
import { generatedScripts } from './scripts.ts'
import type { CompilationSealing, Sealed } from './sealing.ts'
import { storeStrays } from './strays.ts'

interface SealedAsset extends Sealed {
  path: string
  /** As the bundler has it. */
  content: string | Buffer
  code(): Buffer
}

/** Puts everything into the vault. @throws MapsealError where it cannot be written; nothing is emitted then */
export async function storeArtifacts(sealing: CompilationSealing): Promise<void> {
  const assets = sealedAssets(sealing)
  await withScratches([...assets, ...takenAssets(sealing)], (asset, scratches) =>
    storeArtifact(sealing, asset, scratches),
  )
  await storeStrays(sealing)
  sealing.sealed.clear()
  await sealing.session.commit()
}

function sealedAssets({ compilation, sealed }: CompilationSealing): SealedAsset[] {
  const generated = generatedScripts(compilation)
  return assetsOf(compilation).flatMap(asset => {
    const { name } = asset
    const path = bare(name)
    if (!scriptPattern.test(path) && !stylePattern.test(path) && !generated.has(name)) return []
    const { source } = asset
    const code = contentOf(source)
    const id = readTrailingComments(code).debugId ?? computeDebugId(path, hash => void hash.update(code))
    const entry = sealed.get(id)
    if (!entry) return []
    entry.held = undefined
    return [{ ...entry, path, content: code, code: () => source.buffer() }]
  })
}

/** Scripts that another plugin deleted: it may have compressed them, or put them into a page. */
function takenAssets({ sealed }: CompilationSealing): SealedAsset[] {
  return [...sealed.values()].flatMap(entry => {
    const { held } = entry
    return held ? [{ ...entry, path: held.path, content: held.code, code: () => Buffer.from(held.code) }] : []
  })
}

async function storeArtifact(
  { session, outDir }: CompilationSealing,
  asset: SealedAsset,
  scratches: Scratches,
): Promise<void> {
  const { path, debugId, edit } = asset
  const map = asset.isUnfit ? undefined : asset.map
  const code = asset.code()
  const held = map && session.isStored() ? scratches.map.hold(contentOf(map)) : undefined
  const print = held && printOf(held.bytes)
  const edited = held && edit && openMap(held.bytes).edit(edit, held.room)
  const fitting = edited?.map ?? held?.bytes
  const followed = fitting && print !== undefined ? followStamped(asset, code, { map: fitting, print }) : {}
  const isUnmapped = !map && !stylePattern.test(path)
  await session.add(
    outDir,
    { path, debugId, code, ...(followed.map ? { map: followed.map } : {}) },
    asset.problem ??
      edited?.problem ??
      followed.problem ??
      (isUnmapped ? 'the bundler made no source map for it' : undefined),
  )
}
