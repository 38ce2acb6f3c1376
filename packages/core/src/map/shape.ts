import { objectStart } from './edit.ts'
import { members } from './json-scan.ts'

/** What a source map says of itself. */
export interface MapShape {
  /** The `file` field: the generated file, relative to the map. */
  file?: string
}

/** Whether bytes are a source map by their content (ECMA-426), whatever the file is called; no value is parsed. */
export function readMapShape(bytes: Buffer): MapShape | undefined {
  if (!/^(?:\xef\xbb\xbf)?\s*[{)]/.test(bytes.toString('latin1', 0, 64))) return undefined
  try {
    const fields = new Map([...members(bytes, objectStart(bytes))].map(member => [member.key, member]))
    const text = (key: string) => {
      const field = fields.get(key)
      return field && bytes.toString('utf8', field.start, field.end)
    }
    const isRegular = text('mappings')?.startsWith('"') && (fields.has('sources') || fields.has('version'))
    if (!isRegular && !text('sections')?.startsWith('[')) return undefined
    const file: unknown = JSON.parse(text('file') ?? 'null')
    return typeof file === 'string' && file !== '' ? { file } : {}
  } catch {
    return undefined
  }
}
