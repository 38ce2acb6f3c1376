/** A script's trailing `//` comments that speak of debug IDs and maps, read backwards from the end. */
export interface Tail {
  /** Everything before the comments, without the blanks at its end. */
  body: string
  debugIds: string[]
  mapUrls: string[]
}

const comment = /^\/\/[#@]\s*(?:(debugId)|(sourceMappingURL))=(\S*)\s*$/

export function splitTail(code: string): Tail {
  const tail: Tail = { body: code, debugIds: [], mapUrls: [] }
  let end = code.length
  while (end > 0) {
    const start = code.lastIndexOf('\n', end - 1) + 1
    const line = code.slice(start, end).trim()
    const match = comment.exec(line)
    if (line !== '' && !match) break
    if (match?.[1]) tail.debugIds.unshift(match[3] ?? '')
    if (match?.[2]) tail.mapUrls.unshift(match[3] ?? '')
    end = Math.max(0, start - 1)
    if (start === 0) break
  }
  tail.body = code.slice(0, end).trimEnd()
  return tail
}

/** The map inside a `data:` URL, if the URL is one. */
export function inlineMap(url: string | undefined): Buffer | undefined {
  const match = /^data:application\/json;(?:charset=[^;,]+;)?base64,(.*)$/.exec(url ?? '')
  return match?.[1] === undefined ? undefined : Buffer.from(match[1], 'base64')
}
