import type { OutputAsset, OutputChunk } from 'rollup'
import type { BundleSealing } from './bundle.ts'

/** The map of a file, where the bundler or the map itself relates the two. */
export function mapOf(
  { bundle, paired }: Pick<BundleSealing, 'bundle' | 'paired'>,
  file: OutputChunk | OutputAsset,
): OutputAsset | undefined {
  const asset = bundle[mapNameOf(file)] ?? bundle[paired.get(file.fileName) ?? '']
  return asset?.type === 'asset' ? asset : undefined
}

/** The name that the map of a file has, if there is one. */
export function mapNameOf(file: OutputChunk | OutputAsset): string {
  return (file.type === 'chunk' && file.sourcemapFileName) || `${file.fileName}.map`
}
