/** The trailing comment block of a script: everything after its last line of code. */
export interface Tail {
  /** Offset at which the code ends and the block begins. */
  bodyEnd: number
  /** As written; not normalised. */
  debugId?: string
  /** The target of `sourceMappingURL`, perhaps a `data:` URL. */
  mapUrl?: string
}

const ownLine = /^\/\/[#@]\s*(debugId|sourceMappingURL)=([^\s'"`]*)$/
const afterCode =
  /\s*\/\/[#@]\s*sourceMappingURL=([^\s'"`]*\.map(?:[?#][^\s'"`]*)?|data:application\/json[^\s'"`]*)\s*$/
const cssComment = /\s*\/\*[#@]\s*sourceMappingURL=([^\s'"]*)\s*\*\/\s*$/

/**
 * Walks backward over lines that are blank, `//# debugId=` or `//# sourceMappingURL=`, as ECMA-426 extracts a URL without
 * parsing. Text inside the code, such as an inlined worker or a template literal, that only looks like a comment is
 * never met. The last comment of a kind wins.
 */
export function readTail(code: string): Tail {
  const tail: Tail = { bodyEnd: 0 }
  let end = code.length
  while (end > 0) {
    const start = code.lastIndexOf('\n', end - 1) + 1
    const line = code.slice(start, end).trim()
    const comment = ownLine.exec(line)
    if (comment) note(tail, comment[1] as string, comment[2] as string)
    else if (line !== '') {
      tail.bodyEnd = start + code.slice(start, end).trimEnd().length
      const inline = tail.mapUrl === undefined && line.includes('sourceMappingURL=') ? afterCode.exec(line) : null
      if (!inline) return tail
      tail.mapUrl = inline[1] as string
      tail.bodyEnd = start + code.slice(start, end).search(afterCode)
      return tail
    }
    end = start - 1
  }
  return tail
}

function note(tail: Tail, kind: string, value: string): void {
  if (kind === 'debugId') tail.debugId ??= value
  else tail.mapUrl ??= value
}

/** The same for a style sheet, whose one comment may stand on its last line of rules. */
export function readCssTail(code: string): Tail {
  const match =
    cssComment.exec(code.slice(-4096)) ?? (code.includes('sourceMappingURL=data:') ? cssComment.exec(code) : null)
  if (!match) return { bodyEnd: code.length }
  return { bodyEnd: code.length - match[0].length, mapUrl: match[1] as string }
}
