import { basename } from 'node:path'
import { isDeclarationMap, type MapSetting } from '@mapseal/core'
import type { OutputBundle } from 'rollup'
import { bytesOf } from '../bytes.ts'
import { mapNameOf } from './map-assets.ts'
import { isDeclaration } from './scripts.ts'

/**
 * Gives type declarations the maps that the user's own setting asks for, as without us: maps are hidden, or switched on, for
 * scripts alone. One that shows source is left to be taken out like any other.
 *
 * @param end what the bundler writes behind a link
 */
export function restoreDeclarations(bundle: OutputBundle, setting: MapSetting, end: '\n' | ''): void {
  for (const chunk of Object.values(bundle)) {
    if (chunk.type !== 'chunk' || !isDeclaration(chunk)) continue
    const asset = bundle[mapNameOf(chunk)]
    if (asset?.type !== 'asset') continue
    const bytes = bytesOf(asset.source)
    if (!isDeclarationMap(asset.fileName, bytes)) continue
    const link = `//# sourceMappingURL=${basename(asset.fileName)}`
    if (setting === 'visible') chunk.code = `${chunk.code.replace(/\n$/, '')}\n${link}${end}`
    // An inline one would hold the source: Rollup and Rolldown write it from another copy of the map than plugins see.
    else if (setting !== 'hidden') delete bundle[asset.fileName]
  }
}
