import { credentialsOf, shortestSecret } from './credentials.ts'

/** Masks secrets in texts: the one place that does, for destinations, buckets and commands. */

const mask = '[redacted]'
const secretHeader = /auth|api-?key|token|secret|cookie|password|credential|signature/i
const secretParameter = /key|token|secret|signature|password|credential|auth/i

export type Redact = (text: string) => string

/**
 * Masks each secret in every spelling in which servers and libraries give it back: plain, percent, JSON and base64.
 *
 * @param secrets iterated for the first text: most requests have none to show
 */
export function redactor(secrets: Iterable<string>): Redact {
  let spellings: string[] | undefined
  return text => {
    spellings ??= spellingsOfAll(secrets)
    return spellings.reduce((rest, secret) => rest.replaceAll(secret, mask), text)
  }
}

/** The longest first: one that holds another goes as a whole. */
function spellingsOfAll(secrets: Iterable<string>): string[] {
  const spellings = new Set([...secrets].flatMap(spellingsOf).filter(Boolean))
  return [...spellings].sort((a, b) => b.length - a.length)
}

/** All spellings of one secret, itself first. */
function spellingsOf(secret: string): string[] {
  const trimmed = secret.trim()
  return [trimmed, ...percentEncoded(trimmed), ...jsonEscaped(trimmed), ...base64Encoded(trimmed)]
}

function percentEncoded(text: string): string[] {
  try {
    const encoded = [encodeURIComponent(text), encodeURI(text), new URLSearchParams([['', text]]).toString().slice(1)]
    return encoded.flatMap(one => [one, one.replace(/%[\dA-F]{2}/g, hex => hex.toLowerCase())])
  } catch {
    // Half of a surrogate pair.
    return []
  }
}

function jsonEscaped(text: string): string[] {
  const escaped = JSON.stringify(text).slice(1, -1)
  // As PHP and others write it.
  const ascii = escaped.replace(/[^\x00-\x7f]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return [escaped, ascii].flatMap(one => [one, one.replaceAll('/', '\\/')])
}

/** The shortest secret that is looked for inside the base64 of a longer text: less of it would hit ordinary words. */
const shortestInside = 8

/** Whole, and as part of a longer text, such as `name:token`: three bytes are four letters, so there are three spellings. */
function base64Encoded(text: string): string[] {
  if (text.length < shortestSecret) return []
  const bytes = Buffer.from(text)
  const parts = bytes.length < shortestInside ? [] : [0, 1, 2].map(shift => base64Part(bytes, shift))
  const whole = bytes.toString('base64')
  return [whole, whole.replace(/=+$/, ''), ...parts].flatMap(one => [
    one,
    one.replaceAll('+', '-').replaceAll('/', '_'),
  ])
}

/** The letters that stem from the secret alone, where `shift` bytes go before it. */
function base64Part(bytes: Buffer, shift: number): string {
  const letters = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64')
  return letters.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6))
}

/** Redacted, on one line and bounded. */
export function oneLine(text: string, redact: Redact, length: number): string {
  // Before it is cut, and again once nothing stands between the letters of a secret.
  const line = redact(
    redact(text)
      .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  )
  return line.length > length ? `${line.slice(0, length - 1)}…` : line
}

/** The secrets of a request: keys in its headers, credentials and keys in its URL. */
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
