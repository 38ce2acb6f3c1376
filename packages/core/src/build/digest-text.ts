import { createHash } from 'node:crypto'

/** How files write the digest of another: a subresource integrity, or hex that is a whole string. */
const written = /sha(?:256|384|512)-[A-Za-z\d+/]{43,86}={0,2}|(?<=["'`])[\da-f]{32,128}(?=["'`])/g

const byLength: Record<number, string> = { 32: 'md5', 40: 'sha1', 64: 'sha256', 96: 'sha384', 128: 'sha512' }

/** Everything in a text that may be the digest of a file. */
export function digestsIn(text: string): string[] {
  return [...new Set(text.match(written))].filter(digest => algorithmOf(digest) !== undefined)
}

/** Puts other digests of the same length in place of those in a text, so that no position in it moves. */
export function replaceDigests(text: string, replacements: Map<string, string>): string {
  return text.replace(written, digest => replacements.get(digest) ?? digest)
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
