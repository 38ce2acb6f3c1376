import { Script } from 'node:vm'
import { readTrailingComments } from '../../inject/trailing-comments.ts'

const link = /\/\/[#@][\t ]*sourceMappingURL=([^\s'"`]+)[\t ]*$/gm
const probe = 'mapseal-probe'

/**
 * A script without the comments amid its code that lead to a map: an engine obeys those too. V8 itself says which they are,
 * so that text in a template literal or in a block comment stays. It compiles classic scripts alone; from a module nothing
 * is removed. Each comment goes up to the end of its line, so no position changes.
 *
 * @returns also where the last of them led
 */
export function withoutObeyedLinks(code: Buffer): { code: Buffer; mapUrl?: string } {
  if (!code.includes('sourceMappingURL=')) return { code }
  const { bodyEnd } = readTrailingComments(code)
  const whole = code.toString('latin1', 0, bodyEnd)
  let text = whole
  let mapUrl: string | undefined
  // The last one counts for an engine, so from the end each is the last that is left.
  for (const { index, 0: comment, 1: url } of [...whole.matchAll(link)].reverse()) {
    const [before, after] = [text.slice(0, index), text.slice(index + comment.length)]
    if (obeyedLink(`${before}//# sourceMappingURL=${probe}${after}`) !== probe) continue
    text = before + after
    mapUrl ??= url
  }
  if (mapUrl === undefined) return { code }
  return { code: Buffer.concat([Buffer.from(text, 'latin1'), code.subarray(bodyEnd)]), mapUrl }
}

/** Compiles, but runs nothing. */
function obeyedLink(text: string): string | undefined {
  try {
    return new Script(text).sourceMapURL
  } catch {
    return undefined // Not a classic script.
  }
}
