import { isDeclarationMap } from './declaration.ts'

/** Whether a file named like a source map may be public: one of a type declaration, or no source map at all. */
export function mayBePublic(path: string, bytes: Buffer): boolean {
  return isDeclarationMap(path, bytes) || isOtherData(path, bytes)
}

/** What a source map cannot do without, be it valid or not. */
const fields = ['"mappings"', '"sections"', '"sources"', '"sourcesContent"']

/** Such as a level of a game. What is named like a script's map is one, even if another plugin has packed or encoded it. */
function isOtherData(path: string, bytes: Buffer): boolean {
  return /\.map$/i.test(path) && !/\.(?:[cm]?js|css)\.map$/i.test(path) && !fields.some(field => bytes.includes(field))
}
