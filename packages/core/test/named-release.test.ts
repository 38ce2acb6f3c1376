import { expect, test } from 'vitest'
import { namedRelease } from '../src/build/named-release.ts'

const nameIn = (code: string) => namedRelease(Buffer.from(code))

test.each([
  ['Sentry.init({ dsn: "https://k@o1.ingest.example/1", release: "1.2.3" })', '1.2.3'],
  ['e.S({release:"a@1.0",integrations:[x({release:"no"})],dsn:"https://k@h/1"})', 'a@1.0'],
  ["init({'dsn':t,'release':'ünï'})", 'ünï'],
  ['init({dsn:`https://k@h/1`,release:`1`})', '1'],
  ['init({dsn:t,release:void 0,tracesSampleRate:1})', 'undefined'],
  ['init({beforeSend(e){return e.message="}",e},dsn:t,release:"1"})', '1'],
  ['f({a:1});init({dsn:t,release:"2"})', '2'],
])('is read: %s', (code, name) => {
  expect(nameIn(code)).toBe(name)
})

test.each([
  'init({dsn:t,release:e})',
  'init({dsn:t,release:"v"+n})',
  'init({dsn:t,release:`v\x24{n}`})',
  'init({dsn:t,tags:{release:"1"}})',
  'init({dsn:t}),publish({release:"1"})',
  'publish({release:"1"});const o={dsn:t};init(o)',
  'wrap({release:"1",options:{dsn:t}})',
  'console.log("init({dsn, release: 1")',
  'const dsn = "x", release = "1"',
  'init({dsn:t,release:""})',
  `init({dsn:t,big:"${'x'.repeat(9000)}",release:"1"})`,
])('is not guessed: %s', code => {
  expect(nameIn(code)).toBeUndefined()
})

test('costs little where a script is full of the word', () => {
  expect(nameIn('dsn:dsn:({'.repeat(2000))).toBeUndefined()
})
