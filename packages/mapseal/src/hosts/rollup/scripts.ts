import { declarationPattern, isExportedLiteral } from '@mapseal/core'
import type { OutputChunk } from 'rollup'

/** Plugins make chunks of type declarations too. */
export function isDeclaration({ fileName }: Pick<OutputChunk, 'fileName'>): boolean {
  return declarationPattern.test(fileName)
}

/** Whether a chunk is code that can stand in a stack; plugins make chunks of other things, such as the manifest of an extension. */
export function isScript(chunk: OutputChunk): boolean {
  return !isDeclaration(chunk) && !isExportedLiteral(chunk.code)
}
