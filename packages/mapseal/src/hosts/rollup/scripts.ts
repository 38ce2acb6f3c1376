import { declarationPattern, isExportedLiteral } from '@mapseal/core'
import type { OutputChunk } from 'rollup'

/** Plugins make chunks of type declarations too. */
export function isDeclaration({ fileName }: Pick<OutputChunk, 'fileName'>): boolean {
  return declarationPattern.test(fileName)
}

/**
 * Whether a chunk is code that can stand in a stack. Plugins emit chunks of other things and read them again, such as the manifest
 * of an extension: entries that are nothing but a literal.
 */
export function isScript(chunk: OutputChunk): boolean {
  return !isDeclaration(chunk) && !(chunk.isEntry && isExportedLiteral(chunk.code))
}
