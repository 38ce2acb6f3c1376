import { readMapShape } from './shape.ts'

/** The map inside a `data:` URL, or undefined where there is none. */
export function inlineMap(url: string | undefined): Buffer | undefined {
  const match = /^data:application\/json[^,]*?(;base64)?,(.*)$/s.exec(url ?? '')
  if (!match) return undefined
  const [, base64, data = ''] = match
  try {
    return base64 ? Buffer.from(data, 'base64') : Buffer.from(decodeURIComponent(data))
  } catch {
    return undefined // A bare percent sign.
  }
}

/** Whether a `data:` URL holds a source map. */
export function isInlineMap(url: string | undefined): boolean {
  const bytes = inlineMap(url)
  return bytes !== undefined && readMapShape(bytes) !== undefined
}
