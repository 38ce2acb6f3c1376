import type { NormalizedOutputOptions, OutputChunk } from 'rollup'
import type { NamedChunk } from '../vite-hooks.ts'

/** Whether an HTML page loads the chunk. */
export function isPageEntry({ isEntry, facadeModuleId }: NamedChunk): boolean {
  return isEntry && facadeModuleId !== null && /\.html$/.test(facadeModuleId)
}

/** Whether all of an output is one chunk; Rolldown has a name of its own for it. */
export function isUnsplit(output: NormalizedOutputOptions): boolean {
  const { codeSplitting } = output as { codeSplitting?: boolean | object }
  return output.inlineDynamicImports === true || codeSplitting === false
}

/**
 * Whether Vite inlines the entry's imports into the page and drops the file; with a snippet in it, it would have to stay.
 * Vite 8.0 and 8.1 allow no space between two imports, so there an entry with more than one stays.
 */
export function isDroppedFacade(chunk: OutputChunk, viteVersion: string | undefined): boolean {
  if (!isPageEntry(chunk)) return false
  const rest = chunk.code.replace(importPattern, '').replace(commentPattern, '').trim()
  if (rest !== '') return false
  return !/^8\.[01]\./.test(viteVersion ?? '') || withoutSpacePattern.test(chunk.code.trim())
}

const importPattern = /\bimport\s*(?:"[^"\n]*"|'[^'\n]*')\s*;?/g
const commentPattern = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/g
const withoutSpacePattern = /^(?:import\s*(?:"[^"\n]*"|'[^'\n]*');*|\/\*[\s\S]*?\*\/)*$/
