import { readMapShape, showsSource } from './shape.ts'

/** Type declarations, which compilers and editors read and no engine runs. */
export const declarationPattern: RegExp = /\.d\.(?:[^./]+\.)?[cm]?ts$/i

/**
 * Whether a source map is of a type declaration and names its sources by their paths alone. It leads an editor from a use to
 * the source, if that is published; it reveals none, and may stay.
 */
export function isDeclarationMap(path: string, bytes: Buffer): boolean {
  const isOfDeclaration = declarationPattern.test(withoutMap(path)) || declarationPattern.test(fileOf(bytes))
  return isOfDeclaration && !showsSource(bytes)
}

function withoutMap(path: string): string {
  return path.replace(/\.map$/i, '')
}

function fileOf(bytes: Buffer): string {
  return readMapShape(bytes)?.file ?? ''
}
