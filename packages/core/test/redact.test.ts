import { expect, test } from 'vitest'
import { redactor } from '../src/http/redact.ts'

const secret = 'sk/5ecret+with "quotes"=é\\'
const base64 = (text: string) => Buffer.from(text).toString('base64')
const base64Url = (text: string) => Buffer.from(text).toString('base64url')

test.each([
  ['plain', secret],
  ['percent', encodeURIComponent(secret)],
  ['percent in lower case', encodeURIComponent(secret).replace(/%../g, hex => hex.toLowerCase())],
  ['a form', new URLSearchParams({ a: secret }).toString().slice(2)],
  ['a URL', encodeURI(secret)],
  ['JSON', JSON.stringify(secret).slice(1, -1)],
  ['JSON in ASCII', JSON.stringify(secret).slice(1, -1).replace('é', '\\u00e9')],
  ["PHP's JSON", JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/')],
  ['base64', base64(secret)],
  ['base64 without padding', base64(secret).replace(/=+$/, '')],
  ['base64url', base64Url(secret)],
])('masks a secret spelled as %s', (_, spelled) => {
  expect(redactor([secret])(`before ${spelled} after ${spelled}`)).toBe('before [redacted] after [redacted]')
})

test.each(['', 'n', 'na', 'nam'])('masks it in the base64 of "%s:secret", whatever follows', name => {
  const token = 'sntrys_0123456789abcdef'
  for (const end of ['', '!', '!!']) {
    const masked = redactor([token])(base64(`${name}:${token}${end}`))
    expect(masked).toMatch(/^[\w+/]{0,6}\[redacted\][\w+/=]{0,6}$/)
  }
})

test('masks the longer of two where one holds the other, and leaves ordinary words alone', () => {
  expect(redactor(['abcdef', 'abcdefgh'])('abcdefgh abcdef abcde')).toBe('[redacted] [redacted] abcde')
  expect(redactor(['', ' '])('a b')).toBe('a b')
  expect(redactor(['key1'])('YmFzZTY0 of words')).toBe('YmFzZTY0 of words')
})
