import type { Bytes } from '../../types.ts'

/** Servers may prefix JSON with this to spoil cross-site script inclusion; the rest of its line belongs to it. */
const XSSI_PREFIX = ")]}'"

/** The JSON of a source map. @throws SyntaxError or TypeError where it is not JSON or not UTF-8 */
export function parseMap(bytes: Bytes): unknown {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  return JSON.parse(text.startsWith(XSSI_PREFIX) ? text.slice(text.indexOf('\n') + 1 || text.length) : text)
}
