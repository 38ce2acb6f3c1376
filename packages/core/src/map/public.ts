import { isDeclarationMap } from './declaration.ts'

/** Whether a file named like a source map may be public: one of a type declaration, or no source map at all. */
export function mayBePublic(path: string, bytes: Buffer): boolean {
  return isDeclarationMap(path, bytes) || isOtherData(path, bytes)
}

/** What a source map cannot do without, be it valid or not. */
const fields = ['"mappings"', '"sections"', '"sources"', '"sourcesContent"']

/** Such as a level of a game. */
function isOtherData(path: string, bytes: Buffer): boolean {
  return /\.map$/i.test(path) && !fields.some(field => bytes.includes(field))
}
