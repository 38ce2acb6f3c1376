import type { OutputAsset, OutputChunk } from 'rollup'
import type { Stamp } from './bundle.ts'

/** Why a script has no source map; undefined where it holds nothing that a map could lead to. */
export function whyUnmapped(file: OutputChunk | OutputAsset, stamp: Stamp | undefined): string | undefined {
  if (file.type === 'asset' || stamp?.map) return undefined // The release's own script.
  return (stamp ? hasOriginal(file) : hasOwnOriginal(file)) ? 'the bundler made no source map for it' : undefined
}

/**
 * As {@link hasOriginal}, for a chunk that another plugin has built apart: polyfills hold nothing but code of packages. Of one
 * without modules nothing is known.
 */
function hasOwnOriginal(file: OutputChunk): boolean {
  const modules = Object.entries(file.modules ?? {})
  const isOwn = ([id, { renderedLength }]: (typeof modules)[number]) =>
    renderedLength > 0 && !id.startsWith('\0') && !id.includes('/node_modules/')
  return modules.length === 0 || modules.some(isOwn)
}

/** False for code of the bundler itself, such as its helpers, and for files of only imports and exports. */
export function hasOriginal(file: OutputChunk): boolean {
  const isVirtual = file.moduleIds.every(id => id.startsWith('\0'))
  return !isVirtual && Object.values(file.modules).some(module => module.renderedLength > 0)
}
