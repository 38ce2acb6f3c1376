import { createHash } from 'node:crypto'

/** How files write the digest of another: a subresource integrity, or hex that is a whole string. */
const written = /sha(?:256|384|512)-[A-Za-z\d+/]{43,86}={0,2}|(?<=["'`])[\da-f]{32,128}(?=["'`])/g
/** The same, as templates of HTML and writers of JSON escape it. */
const escaped =
  /sha(?:256|384|512)-(?:[A-Za-z\d+/]|\\\/|\\u002b|&#(?:43|x2b|47|x2f);){43,86}(?:=|&#(?:61|x3d);|\\u003d){0,2}/gi
const escapes: [char: string, forms: string[]][] = [
  ['+', ['\\u002b', '\\u002B', '&#43;', '&#x2b;', '&#x2B;']],
  ['/', ['\\/', '&#47;', '&#x2f;', '&#x2F;']],
  ['=', ['\\u003d', '\\u003D', '&#61;', '&#x3d;', '&#x3D;']],
]

const byLength: Record<number, string> = { 32: 'md5', 40: 'sha1', 64: 'sha256', 96: 'sha384', 128: 'sha512' }

/**
 * Everything in a text that may be the digest of a file.
 *
 * @param mayMove whether the text has no map, so that its length may change: then escaped ones count
 */
export function digestsIn(text: string, mayMove: boolean): string[] {
  const found = [...(text.match(written) ?? []), ...((mayMove && text.match(escaped)) || []).map(plain)]
  return [...new Set(found)].filter(digest => algorithmOf(digest) !== undefined)
}

/** Puts other digests of the same length in place of those in a text; escaped ones are escaped in the same way. */
export function replaceDigests(text: string, replacements: Map<string, string>, mayMove: boolean): string {
  const replaced = text.replace(written, digest => replacements.get(digest) ?? digest)
  if (!mayMove) return replaced
  return replaced.replace(escaped, digest => {
    const replacement = replacements.get(plain(digest))
    return replacement === undefined ? digest : escapedAs(digest, replacement)
  })
}

/** A digest without escapes. */
export function plain(digest: string): string {
  return escapes.reduce(
    (text, [char, forms]) => forms.reduce((text, form) => text.replaceAll(form, char), text),
    digest,
  )
}

function escapedAs(model: string, digest: string): string {
  return escapes.reduce((text, [char, forms]) => {
    const form = forms.find(form => model.includes(form))
    return form === undefined ? text : text.replaceAll(char, form)
  }, digest)
}

/** What tells one kind of digest from another: the algorithm, and how it is written. */
export type DigestKind = `${'hex' | 'base64'} ${string}`

export function kindOf(digest: string): DigestKind | undefined {
  const algorithm = algorithmOf(digest)
  return algorithm === undefined ? undefined : `${digest.includes('-') ? 'base64' : 'hex'} ${algorithm}`
}

export function digestOf(bytes: Buffer, kind: DigestKind): string {
  const [encoding, algorithm = ''] = kind.split(' ') as ['hex' | 'base64', string]
  const digest = createHash(algorithm).update(bytes).digest(encoding)
  return encoding === 'hex' ? digest : `${algorithm}-${digest}`
}

function algorithmOf(digest: string): string | undefined {
  return /^(sha\d+)-/.exec(digest)?.[1] ?? byLength[digest.length]
}
