import { credentialsOf, shortestSecret } from './credentials.ts'

const secretHeader = /auth|api-?key|token|secret|cookie|password|credential|signature/i
const secretParameter = /key|token|secret|signature|password|credential|auth/i

export type Redact = (text: string) => string

/** Blots out each secret, in the spellings in which servers and libraries give it back. */
export function redactor(secrets: Iterable<string>): Redact {
  const spellings = new Set([...secrets].flatMap(spell).filter(Boolean))
  // The longest first: one that holds another goes as a whole.
  const ordered = [...spellings].sort((a, b) => b.length - a.length)
  return text => ordered.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text)
}

function spell(secret: string): string[] {
  const trimmed = secret.trim()
  const base64 = trimmed.length < shortestSecret ? [] : [Buffer.from(trimmed).toString('base64'), base64Url(trimmed)]
  return [trimmed, ...encodings(trimmed), JSON.stringify(trimmed).slice(1, -1), ...base64]
}

function encodings(text: string): string[] {
  try {
    return [encodeURIComponent(text), encodeURI(text)]
  } catch {
    return []
  }
}

const base64Url = (text: string) => Buffer.from(text).toString('base64url')

/** What a request itself says is secret: keys in its headers, credentials and keys in its URL. */
export function secretsOf(url: URL, headers: Record<string, string>): string[] {
  const values = Object.entries(headers)
    .filter(([name]) => secretHeader.test(name))
    .flatMap(([, value]) => [value, ...partsOf(value)])
  const basics = values.flatMap(value => decodedBasic(value))
  const parameters = [...url.searchParams].filter(([name]) => secretParameter.test(name)).map(([, value]) => value)
  return [...values, ...basics, ...parameters, ...credentialsOf(url)].filter(value => value.length >= shortestSecret)
}

/** `abc` of `Bearer abc`, and of `Sentry sentry_key=abc, sentry_version=7`; never the scheme, which is an ordinary word. */
function partsOf(value: string): string[] {
  const words = value.split(/[\s,;]+/)
  return words.slice(words.length > 1 ? 1 : 0).flatMap(word => [word, word.slice(word.indexOf('=') + 1)])
}

function decodedBasic(value: string): string[] {
  const pair = /^[\w+/-]+=*$/.test(value) ? Buffer.from(value, 'base64').toString() : ''
  return /^[\x20-\x7e]+:[\x20-\x7e]*$/.test(pair) ? pair.split(':') : []
}
