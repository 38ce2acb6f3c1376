/** The trailing comment block of a script: everything after its last line of code. */
export interface TrailingComments {
  /** Offset at which the code ends and the block begins. */
  bodyEnd: number
  /** As written; not normalised. */
  debugId?: string
  /** The target of `sourceMappingURL`, perhaps a `data:` URL. */
  mapUrl?: string
}

// White space of ASCII alone: where bytes are read as latin1, a no-break space is the end of some letter.
const ownLine = /^\/\/[#@][\t\v\f ]*(debugId|sourceMappingURL)=([^\t\v\f\r '"`]*)$/
const afterCode =
  /[\t\v\f\r ]*\/\/[#@][\t\v\f ]*sourceMappingURL=([^\t\v\f\r '"`]*\.map(?:[?#][^\t\v\f\r '"`]*)?|data:application\/json[^\t\v\f\r '"`]*)[\t\v\f\r ]*$/
const before = /^[\t\v\f\r ]+/
const cssComment = /\s*\/\*[#@]\s*sourceMappingURL=([^\s'"]*)\s*\*\/\s*$/

/** How much of the end is read first, and how many times more where a comment may start before that. */
const firstLook = 2048
const lookFurther = 16

/**
 * Walks backward over lines that are blank, `//# debugId=` or `//# sourceMappingURL=`, as ECMA-426 extracts a URL without
 * parsing. Text inside the code, such as an inlined worker or a template literal, that only looks like a comment is
 * never met. The last comment of a kind wins. Bytes are read as latin1, and no more of the end than it takes.
 */
export function readTrailingComments(code: string | Buffer): TrailingComments {
  for (let size = firstLook; size < code.length; size *= lookFurther) {
    const start = code.length - size
    const found = scanBackward(typeof code === 'string' ? code.slice(start) : code.toString('latin1', start), true)
    if (found) return { ...found, bodyEnd: start + found.bodyEnd }
  }
  return scanBackward(typeof code === 'string' ? code : code.toString('latin1'), false) as TrailingComments
}

/** Undefined where it depends on what stands before a text that is cut. */
function scanBackward(code: string, isCut: boolean): TrailingComments | undefined {
  const found: TrailingComments = { bodyEnd: 0 }
  let end = code.length
  while (end > 0) {
    const start = code.lastIndexOf('\n', end - 1) + 1
    const whole = withoutEnd(code.slice(start, end))
    const line = whole.replace(before, '')
    if (isCut && start === 0 && !isSurelyCode(line)) return undefined
    const comment = ownLine.exec(line)
    if (comment) note(found, comment[1] as string, comment[2] as string)
    else if (line !== '') {
      found.bodyEnd = start + whole.length
      const inline = found.mapUrl === undefined && line.includes('sourceMappingURL=') ? afterCode.exec(line) : null
      if (!inline) return found
      found.mapUrl = inline[1] as string
      found.bodyEnd = start + whole.search(afterCode)
      return found
    }
    end = start - 1
  }
  return isCut ? undefined : found
}

/** By hand: a search for white space before an end begins anew at each of a long run. */
function withoutEnd(line: string): string {
  let end = line.length
  while (end > 0 && '\t\v\f\r '.includes(line[end - 1] as string)) end -= 1
  return line.slice(0, end)
}

/** Whether the end of a line is code: the target of a comment has no spaces or quotes, so it can only stand behind the last of them. */
function isSurelyCode(line: string): boolean {
  let at = line.length
  while (at > 0 && !/[\s'"`]/.test(line[at - 1] as string)) at -= 1
  return at > 0 && !line.includes('debugId=', at) && !line.includes('sourceMappingURL=', at)
}

function note(found: TrailingComments, kind: string, value: string): void {
  if (kind === 'debugId') found.debugId ??= value
  else found.mapUrl ??= value
}

/** The block to put in place of the one that {@link readTrailingComments} finds. */
export function writeTrailingComments({
  debugId,
  mapUrl,
}: {
  debugId?: string | undefined
  mapUrl?: string | undefined
}): string {
  const id = debugId === undefined ? '' : `\n//# debugId=${debugId}`
  return `${id}${mapUrl === undefined ? '' : `\n//# sourceMappingURL=${mapUrl}`}\n`
}

/** The same for a style sheet, whose one comment may stand on its last line of rules. */
export function readCssTrailingComment(source: string | Buffer): TrailingComments {
  const code = typeof source === 'string' ? source : source.toString('latin1')
  const match =
    cssComment.exec(code.slice(-4096)) ?? (code.includes('sourceMappingURL=data:') ? cssComment.exec(code) : null)
  if (!match) return { bodyEnd: code.length }
  return { bodyEnd: code.length - match[0].length, mapUrl: match[1] as string }
}
