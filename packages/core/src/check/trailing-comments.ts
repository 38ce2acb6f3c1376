/** What a script or style sheet declares after its last token. */
export interface TrailingComments {
  debugIds: string[]
  mapUrls: string[]
  /** The code before them. */
  body: string
}

const DIRECTIVE = /^\/[/*][#@]\s*(debugId|sourceMappingURL)=([^\s'"`]*)\s*(?:\*\/)?$/

/**
 * Reads all comments after the last token, as ECMA-426 extracts a URL without parsing. Deliberately not the reader that
 * sealing uses (`readTrailingComments`), which stops at other people's comments: what seals must not be what checks.
 */
export function trailingComments(code: string): TrailingComments {
  const found: TrailingComments = { debugIds: [], mapUrls: [], body: '' }
  let end = endOfText(code, code.length)
  for (let start = commentStart(code, end); start !== undefined; start = commentStart(code, end)) {
    const [, key, value = ''] = DIRECTIVE.exec(code.slice(start, end)) ?? []
    if (key === 'debugId') found.debugIds.push(value)
    if (key === 'sourceMappingURL') found.mapUrls.push(value)
    end = endOfText(code, start)
  }
  return { ...found, body: code.slice(0, end) }
}

/** Where the comment that ends at `end` begins. After code, only a directive is taken for one: `"https://…"` is none. */
function commentStart(code: string, end: number): number | undefined {
  if (end === 0) return
  if (code.endsWith('*/', end)) {
    const start = code.lastIndexOf('/*', end - 4)
    return start < 0 ? undefined : start
  }
  const lineStart = Math.max(code.lastIndexOf('\n', end - 1), code.lastIndexOf('\r', end - 1)) + 1
  const first = /\S/.exec(code.slice(lineStart, lineStart + 1000))?.index ?? 0
  if (code.startsWith('//', lineStart + first)) return lineStart + first
  const last = code.lastIndexOf('//', end)
  return last > lineStart && DIRECTIVE.test(code.slice(last, end)) ? last : undefined
}

function endOfText(code: string, from: number): number {
  let end = from
  while (end > 0 && /\s/.test(code[end - 1] ?? '')) end--
  return end
}
