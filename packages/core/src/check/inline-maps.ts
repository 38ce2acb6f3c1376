import { isJsonObject } from '../map/validate/fields.ts'
import { parseMap } from '../map/validate/parse.ts'

const DATA_URL = /data:application\/json(?:;[\w-]+=[\w-]+)*(;base64)?,/g
const BASE64 = /[A-Za-z\d+/]+={0,2}/y
const URI_ENCODED = /[^\s'"`\\]+/y

/** Whether the text holds a `data:` URL that really decodes to a source map, also inside an `eval`. */
export function hasInlineMap(text: string): boolean {
  for (const match of text.matchAll(DATA_URL)) {
    const payload = match[1] ? BASE64 : URI_ENCODED
    payload.lastIndex = match.index + match[0].length
    const [encoded] = payload.exec(text) ?? []
    if (encoded && isMap(decode(encoded, match[1] !== undefined))) return true
  }
  return false
}

/** Whether a file is a source map by its shape, whatever its name. */
export function isMap(bytes: Buffer | undefined): boolean {
  if (!bytes || !/^\s*[{)]/.test(bytes.toString('latin1', 0, 100))) return false
  if (!bytes.includes('"mappings"') && !bytes.includes('"sections"')) return false
  try {
    const map = parseMap(bytes)
    if (!isJsonObject(map) || map.version !== 3) return false
    if (Array.isArray(map.sections)) return map.sections.every(section => isJsonObject(section) && 'offset' in section)
    return typeof map.mappings === 'string' && /^[\w+/,;]*$/.test(map.mappings) && Array.isArray(map.sources)
  } catch {
    return false
  }
}

function decode(payload: string, isBase64: boolean): Buffer | undefined {
  if (isBase64) return Buffer.from(payload, 'base64')
  try {
    return Buffer.from(decodeURIComponent(payload))
  } catch {
    return undefined
  }
}
