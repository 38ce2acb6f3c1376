import { mapPattern, mayBePublic } from '@mapseal/core'
import type { OutputAsset, OutputBundle, OutputChunk } from 'rollup'
import { bytesOf } from '../bytes.ts'
import { isStray, keepStray, ownerOf } from '../stray-maps.ts'
import type { BundleSealing } from './bundle.ts'
import { codeOf } from './custody.ts'
import { mapNameOf } from './map-assets.ts'
import { isDeclaration } from './scripts.ts'

/** Source maps among the assets that no script leads to: other plugins wrote them, under names of their own. */
function findStrays(bundle: OutputBundle): OutputAsset[] {
  const files = Object.values(bundle)
  const related = new Set(files.filter(file => file.type === 'asset' || !isDeclaration(file)).map(mapNameOf))
  return files.filter(
    (file): file is OutputAsset =>
      file.type === 'asset' && !related.has(file.fileName) && isStray(file.fileName, () => file.source),
  )
}

/** Gives strays to the scripts without a map that they name in their `file`, where they fit. */
export function pairStrays({ bundle, paired }: BundleSealing, scripts: (OutputChunk | OutputAsset)[]): void {
  for (const { fileName, source } of findStrays(bundle)) {
    const unmapped = scripts.filter(script => !(mapNameOf(script) in bundle) && !paired.has(script.fileName))
    const paths = unmapped.map(script => script.fileName)
    const owner = ownerOf(fileName, bytesOf(source), paths, index => codeOf(unmapped[index] as OutputChunk))
    if (owner >= 0) paired.set(paths[owner] as string, fileName)
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
    await keepStray(session, outDir, path, bytesOf(source))
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
  return file.type === 'asset' && mayBePublic(file.fileName, bytesOf(file.source))
}
