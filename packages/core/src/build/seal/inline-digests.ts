import { type DigestKind, digestOf, replaceDigests } from './digest-text.ts'

const inlineScript = /<script\b[^>]*>([\s\S]*?)<\/script/gi
const kinds: DigestKind[] = ['base64 sha256', 'base64 sha384', 'base64 sha512']

/**
 * The page `after` with the digests of its own inline scripts renewed, such as of an import map: a `Content-Security-Policy`
 * in the page may name them.
 */
export function renewInline(before: Buffer, after: Buffer): Buffer {
  if (after === before) return before
  const [old, text] = [before.toString('latin1'), after.toString('latin1')]
  const [from, to] = [scriptsIn(old), scriptsIn(text)]
  const replacements = new Map<string, string>()
  for (const [index, script] of from.entries()) {
    const renewed = to[index]
    if (renewed === undefined || renewed.equals(script)) continue
    for (const kind of kinds) replacements.set(digestOf(script, kind), digestOf(renewed, kind))
  }
  return replacements.size === 0 ? after : Buffer.from(replaceDigests(text, replacements, true), 'latin1')
}

function scriptsIn(html: string): Buffer[] {
  return [...html.matchAll(inlineScript)].map(([, code = '']) => Buffer.from(code, 'latin1'))
}
