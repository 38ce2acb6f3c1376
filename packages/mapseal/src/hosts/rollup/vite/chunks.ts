import type { OutputChunk } from 'rollup'
import type { NamedChunk } from '../vite-hooks.ts'

/** Whether an HTML page loads the chunk. */
export function isPageEntry({ isEntry, facadeModuleId }: NamedChunk): boolean {
  return isEntry && facadeModuleId !== null && /\.html$/.test(facadeModuleId)
}

/** Vite inlines such an entry's imports into the page and drops the file; with a snippet in it, it would have to stay. */
export function isDroppedFacade(chunk: OutputChunk): boolean {
  return isPageEntry(chunk) && isEntirelyImports(chunk.code)
}

function isEntirelyImports(code: string): boolean {
  const rest = code.replace(/\bimport\s*(?:"[^"\n]*"|'[^'\n]*')\s*;?/g, '').replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '')
  return rest.trim() === ''
}
