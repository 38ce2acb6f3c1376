import { isMap, isScript } from '../files.ts'
import { splitTail } from '../tail.ts'
import type { Files } from '../types.ts'

/** I1: the output reveals no source. */
export function checkSealed(written: Files): string[] {
  return [...written].flatMap(([path, bytes]) => revelations(path, bytes).map(what => `I1 ${path}: ${what}`))
}

function revelations(path: string, bytes: Buffer): string[] {
  if (isMap(path)) return ['a map in the output']
  const text = bytes.toString()
  if (isScript(path) && splitTail(text).mapUrls.length > 0) return ['a sourceMappingURL comment']
  if (path.endsWith('.css') && /\/\*[#@]\s*sourceMappingURL=[^*]*\*\/\s*$/.test(text))
    return ['a sourceMappingURL comment']
  return isMapJson(text) ? ['a map under another name'] : []
}

function isMapJson(text: string): boolean {
  if (!text.trimStart().startsWith('{') || !text.includes('"mappings"')) return false
  try {
    return 'mappings' in (JSON.parse(text) as object)
  } catch {
    return false
  }
}
