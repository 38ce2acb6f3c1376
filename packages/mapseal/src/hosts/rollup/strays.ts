import {
  computeDebugId,
  fits,
  isDeclarationMap,
  mapPattern,
  mayBeMap,
  mayHoldMap,
  readMapShape,
  scriptOf,
} from '@mapseal/core'
import type { OutputAsset, OutputBundle, OutputChunk } from 'rollup'
import { bytesOf } from '../bytes.ts'
import type { BundleSealing } from './bundle.ts'
import { codeOf } from './custody.ts'
import { mapNameOf } from './map-assets.ts'
import { isDeclaration } from './scripts.ts'

/** Source maps among the assets that no script leads to: other plugins wrote them, under names of their own. */
function findStrays(bundle: OutputBundle): OutputAsset[] {
  const files = Object.values(bundle)
  const related = new Set(files.filter(file => file.type === 'asset' || !isDeclaration(file)).map(mapNameOf))
  return files.filter((file): file is OutputAsset => {
    if (file.type === 'chunk' || related.has(file.fileName) || !mayHoldMap(file.fileName)) return false
    const { source } = file
    if (!mayBeMap(bytesOf(source.slice(0, 512)))) return false
    const bytes = bytesOf(source)
    const isMeantAsMap = mapPattern.test(file.fileName)
    return readMapShape(bytes, isMeantAsMap) !== undefined && !isDeclarationMap(file.fileName, bytes)
  })
}

/** Gives strays to the scripts without a map that they name in their `file`, where they fit. */
export function pairStrays({ bundle, paired }: BundleSealing, scripts: (OutputChunk | OutputAsset)[]): void {
  for (const { fileName, source } of findStrays(bundle)) {
    const bytes = bytesOf(source)
    const { file } = readMapShape(bytes, true) ?? {}
    const unmapped = scripts.filter(script => !(mapNameOf(script) in bundle) && !paired.has(script.fileName))
    const paths = unmapped.map(script => script.fileName)
    const path = file === undefined ? undefined : scriptOf(fileName, file, paths)
    const script = unmapped.find(script => script.fileName === path)
    if (script && fits(bytes, codeOf(script))) paired.set(script.fileName, fileName)
  }
}

/**
 * Takes those that are of no script into the vault, and out of the bundle.
 *
 * @returns their paths
 */
export async function keepStrays({ bundle, outDir, session }: BundleSealing): Promise<string[]> {
  // Maps of scripts that the bundler itself has dropped or inlined since, such as facades and workers, have been dealt with.
  const isLeft = (path: string) => /\.[cm]?js\.map$/.test(path)
  const strays = findStrays(bundle).filter(({ fileName }) => !session.allows(fileName) && !isLeft(fileName))
  for (const { fileName: path, source } of strays) {
    const map = bytesOf(source)
    const debugId = computeDebugId(path, hash => void hash.update(map))
    await session.add(outDir, { path, debugId, code: Buffer.alloc(0), map })
    delete bundle[path]
  }
  return strays.map(({ fileName }) => fileName)
}

/** Maps that are left: of workers, which their own build has sealed, and of files that are not scripts. */
export function dropMaps(bundle: OutputBundle, allows: (path: string) => boolean = () => false): void {
  const isMap = (file: OutputChunk | OutputAsset) => file.type === 'asset' && mapPattern.test(file.fileName)
  for (const file of [...Object.values(bundle).filter(isMap), ...findStrays(bundle)])
    if (!allows(file.fileName) && !isPublic(file)) delete bundle[file.fileName]
}

function isPublic(file: OutputChunk | OutputAsset): boolean {
  return file.type === 'asset' && isDeclarationMap(file.fileName, bytesOf(file.source))
}
