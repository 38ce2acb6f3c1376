import { isMap, isScript } from '../files.ts'
import { splitTail } from '../tail.ts'
import type { Files } from '../types.ts'

/** I1: the output reveals no source. @param link the option, as a text with `{debugId}`: scripts may lead there, and nowhere else */
export function checkSealed(written: Files, link?: string): string[] {
  return [...written].flatMap(([path, bytes]) => revelations(path, bytes, link).map(what => `I1 ${path}: ${what}`))
}

function revelations(path: string, bytes: Buffer, link?: string): string[] {
  if (isMap(path)) return ['a map in the output']
  const text = bytes.toString()
  const { mapUrls, debugIds } = splitTail(text)
  const meant = link?.replace('{debugId}', debugIds[0] ?? '')
  if (isScript(path) && mapUrls.some(url => url !== meant)) return ['a sourceMappingURL comment']
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
