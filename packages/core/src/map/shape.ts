import { objectStart } from './edit.ts'
import { elements, fieldsAt, type Member } from './json-scan.ts'

/** What a source map says of itself. */
export interface MapShape {
  /** The `file` field: the generated file, relative to the map. */
  file?: string
}

/** How much of the beginning tells whether it is worth reading on. */
const headBytes = 512

/** Files of these kinds are not JSON, whatever they begin with. */
const notJson = /\.(?:[cm]?[jt]sx?|css|x?html?|gz|br|zst|png|jpe?g|gif|webp|avif|svg|ico|woff2?|ttf|wasm|mapseal)$/i

/** Whether a file of this name may be a source map by its content. */
export function mayHoldMap(path: string): boolean {
  return !notJson.test(path)
}

/** Whether a file that begins like this may be a source map: most others need not be read any further. */
export function mayBeMap(head: Buffer): boolean {
  const start = head.toString('latin1', 0, headBytes)
  return (
    /^(?:\xef\xbb\xbf)?\s*(?:\{|\)\]\}')/.test(start) &&
    /"(?:version|mappings|sections|sources\w*|sourceRoot|file|names|debugId|debug_id)"\s*:/.test(start)
  )
}

/**
 * Whether bytes are a source map by their content (ECMA-426), whatever the file is called; no large value is parsed.
 *
 * @param isMeantAsMap whether a name or a comment says so: then it need not be valid
 */
export function readMapShape(bytes: Buffer, isMeantAsMap = false): MapShape | undefined {
  if (!mayBeMap(bytes)) return undefined
  try {
    const fields = fieldsAt(bytes, objectStart(bytes))
    const text = (key: string) => textOf(bytes, fields.get(key))
    const isMap = isMeantAsMap
      ? fields.has('mappings') || fields.has('sections')
      : text('version') === '3' && (isRegular(bytes, fields) || hasSections(bytes, fields))
    if (!isMap) return undefined
    const file: unknown = JSON.parse(text('file') ?? 'null')
    return typeof file === 'string' && file !== '' ? { file } : {}
  } catch {
    return undefined
  }
}

/** Whether a source map holds the text of a source, rather than paths alone; also for what is not a map. */
export function showsSource(bytes: Buffer): boolean {
  try {
    return hasContent(bytes, objectStart(bytes))
  } catch {
    return true
  }
}

function hasContent(bytes: Buffer, at: number): boolean {
  const fields = fieldsAt(bytes, at)
  const contents = listAt(bytes, fields.get('sourcesContent'))
  if (contents.some(start => bytes[start] === quote)) return true
  return listAt(bytes, fields.get('sections')).some(start => {
    const map = fieldsAt(bytes, start).get('map')
    return map !== undefined && hasContent(bytes, map.start)
  })
}

/** Data with fields of these names is not a map where they hold other things. */
function isRegular(bytes: Buffer, fields: Map<string, Member>): boolean {
  const mappings = fields.get('mappings')
  const sources = fields.get('sources')
  if (!mappings || !sources || bytes[sources.start] !== bracket || bytes[mappings.start] !== quote) return false
  const start = bytes.toString('latin1', mappings.start + 1, Math.min(mappings.end - 1, mappings.start + headBytes))
  return /^(?:[\w+/,;]|\\\/)*\\?$/.test(start)
}

function hasSections(bytes: Buffer, fields: Map<string, Member>): boolean {
  const sections = fields.get('sections')
  if (!sections || bytes[sections.start] !== bracket) return false
  const [first] = listAt(bytes, sections)
  if (first === undefined) return true
  if (bytes[first] !== brace) return false
  const section = fieldsAt(bytes, first)
  return section.has('offset') && (section.has('map') || section.has('url'))
}

const [quote, bracket, brace] = [0x22, 0x5b, 0x7b]

function listAt(bytes: Buffer, field: Member | undefined): number[] {
  return field && bytes[field.start] === bracket ? [...elements(bytes, field.start)] : []
}

function textOf(bytes: Buffer, field: Member | undefined): string | undefined {
  return field && bytes.toString('utf8', field.start, field.end)
}
