import { expect, test } from 'vitest'
import { readEvent } from '../src/events/event.ts'
import { groupOf, topFrame } from '../src/events/group.ts'
import { scrubText, scrubUrl } from '../src/events/scrub.ts'
import type { StoredFrame } from '../src/events/stored-event.ts'
import { symbolicateEvent } from '../src/events/symbolicate-event.ts'

const SCRIPT = 'https://shop.example/app.js?v=1'
const ID = 'fae1f5cf-83f0-539c-8a7a-f92eec58f777'

/** As @sentry/browser and @sentry/node send one, with everything in it that names a person. */
const sent = {
  event_id: '8fb07b8898ae45b29d72c13899d67cf9',
  platform: 'javascript',
  level: 'error',
  release: 'web@9.9.9',
  dist: '42',
  environment: 'production',
  server_name: 'ada-laptop',
  user: { id: '17', email: 'ada@example.com', ip_address: '203.0.113.9', username: 'ada-lovelace' },
  request: {
    url: 'https://shop.example/orders?session=s3cret#h',
    headers: { Cookie: 'sid=s3cret', 'User-Agent': 'Mozilla/5.0', 'X-Forwarded-For': '203.0.113.9' },
    cookies: { sid: 's3cret' },
    query_string: 'session=s3cret',
    data: 's3cret',
    env: { REMOTE_ADDR: '203.0.113.9' },
  },
  breadcrumbs: [{ message: 'typed s3cret' }],
  extra: { note: 's3cret' },
  contexts: { browser: { name: 'Chrome', version: '130' }, device: { name: 'ada-laptop' } },
  tags: { plan: 'pro', 'user.id': 's3cret', client_ip: 's3cret', referrer: 'https://a.example/?q=s3cret' },
  sdk: { name: 'sentry.javascript.browser', version: '11.12.0' },
  exception: {
    values: [
      { type: 'Error', value: 'the cause' },
      {
        type: 'TypeError',
        value:
          'GET https://u:s3cret@api.example/a?token=s3cret failed for ada@example.com from 203.0.113.9, 2001:db8::7',
        stacktrace: {
          frames: [
            { filename: SCRIPT, function: 'main', lineno: 1, colno: 10, in_app: true, vars: { password: 's3cret' } },
            { filename: SCRIPT, function: '?', lineno: 17, colno: 31130, in_app: true },
          ],
        },
      },
    ],
  },
  debug_meta: { images: [{ type: 'sourcemap', code_file: SCRIPT, debug_id: ID.toUpperCase() }] },
}

test('an event loses whatever names a person', () => {
  const event = JSON.stringify(readEvent(sent))
  expect(event).not.toMatch(/s3cret|ada|203\.0|2001:db8|Mozilla|\?v=1/)
})

test('an event keeps what is shown', () => {
  expect(readEvent(sent)).toEqual({
    id: '8fb07b8898ae45b29d72c13899d67cf9',
    platform: 'javascript',
    level: 'error',
    release: 'web@9.9.9',
    dist: '42',
    environment: 'production',
    url: 'https://shop.example/orders',
    sdk: 'sentry.javascript.browser 11.12.0',
    runtime: 'Chrome 130',
    tags: { plan: 'pro', referrer: 'https://a.example/' },
    exceptions: [
      {
        type: 'TypeError',
        value: 'GET https://api.example/a failed for [mail] from [ip], [ip]',
        frames: [
          {
            generated: { file: 'https://shop.example/app.js', line: 17, column: 31129, debugId: ID },
            isInApp: true,
          },
          {
            generated: { file: 'https://shop.example/app.js', function: 'main', line: 1, column: 9, debugId: ID },
            isInApp: true,
          },
        ],
      },
      { type: 'Error', value: 'the cause', frames: [] },
    ],
  })
})

test('a message is an event too, with the stack of its thread', () => {
  const stacktrace = { frames: [{ filename: '/srv/app.js', lineno: 3, colno: 1 }] }
  const { exceptions } = readEvent({ logentry: { message: 'hello' }, threads: { values: [{ stacktrace }] } })
  expect(exceptions).toEqual([
    {
      type: 'Message',
      value: 'hello',
      frames: [{ generated: { file: '/srv/app.js', line: 3, column: 0 }, isInApp: true }],
    },
  ])
})

test('code that the SDK read beside the script comes along', () => {
  const frame = {
    filename: '/srv/a.js',
    lineno: 2,
    colno: 1,
    pre_context: ['one'],
    context_line: 'two',
    post_context: ['three'],
  }
  const { exceptions } = readEvent({ exception: { values: [{ stacktrace: { frames: [frame] } }] } })
  expect(exceptions[0]?.frames[0]?.context).toEqual({ firstLine: 1, lines: ['one', 'two', 'three'] })
})

test('whatever stands where something else belongs counts as absent', () => {
  const hostile: unknown[] = [
    null,
    7,
    'text',
    [],
    {},
    [[]],
    { values: 7 },
    { values: [null, 7, [], { stacktrace: { frames: 7 } }] },
  ]
  const names = [
    'exception',
    'debug_meta',
    'request',
    'tags',
    'contexts',
    'sdk',
    'threads',
    'stacktrace',
    'message',
    'level',
    'release',
  ]
  for (const value of hostile) {
    const event = readEvent(Object.fromEntries(names.map(name => [name, value])))
    expect(event.exceptions.length).toBeGreaterThan(0)
  }
  const lines = [0, -1, 1.5, Number.NaN, '3', 1e300].map(lineno => ({ filename: 'a.js', lineno, colno: lineno }))
  const { exceptions } = readEvent({ exception: { values: [{ stacktrace: { frames: lines } }] } })
  for (const frame of exceptions[0]?.frames ?? []) expect(frame.generated).toEqual({ file: 'a.js' })
})

test('names from the prototype are plain data', () => {
  const event = readEvent(
    JSON.parse('{"__proto__":{"level":"x"},"tags":{"__proto__":"t","constructor":"c"},"release":"r"}'),
  )
  expect(event.level).toBe('error')
  expect(Object.entries(event.tags)).toEqual([
    ['__proto__', 't'],
    ['constructor', 'c'],
  ])
  expect(({} as { level?: string }).level).toBeUndefined()
})

test('a stack of any length is cut, outermost first', () => {
  const frames = Array.from({ length: 1000 }, (_, index) => ({ filename: 'a.js', lineno: index + 1, colno: 1 }))
  const { exceptions } = readEvent({ exception: { values: [{ stacktrace: { frames } }] } })
  expect(exceptions[0]?.frames.length).toBe(250)
  expect(exceptions[0]?.frames[0]?.generated.line).toBe(1000)
})

test.each([
  ['http://a.example/x?q=1#h', 'http://a.example/x'],
  ['/x?q', '/x'],
  ['https://u:p@a.example/x@2', 'https://a.example/x@2'],
  ['app:///main.js', 'app:///main.js'],
  ['/srv/node_modules/.pnpm/a@1.0.0/index.js', '/srv/node_modules/.pnpm/a@1.0.0/index.js'],
])('the URL %s becomes %s', (url, expected) => {
  expect(scrubUrl(url)).toBe(expected)
})

test.each([
  ['/users?name=ada&x=1 is gone', '/users is gone'],
  ['is it true? yes=no', 'is it true? yes=no'],
  ['connect ECONNREFUSED 127.0.0.1:5432', 'connect ECONNREFUSED 127.0.0.1:5432'],
  ['connect ECONNREFUSED ::1', 'connect ECONNREFUSED ::1'],
  ['from 10.1.2.3:443', 'from [ip]:443'],
  ['version 1.2.3 of a@1.2.3 at 12:30:45', 'version 1.2.3 of a@1.2.3 at 12:30:45'],
  ['fe80::1ff:fe23:4567:890a', '[ip]'],
  ['Class::method dead:beef', 'Class::method dead:beef'],
])('the text %j becomes %j', (text, expected) => {
  expect(scrubText(text)).toBe(expected)
})

/** An expression that turns back would not come to an end in the time that a test has. */
test.each(['a', 'a@', 'a.', '1.', ':', '?a', '://', 'a://', 'a@a.', 'f:'])('%j over and over is scrubbed', part => {
  for (let count = 0; count < 100; count++) {
    expect(scrubText(part.repeat(8192 / part.length)).length).toBeGreaterThan(0)
  }
})

function frame(source: string, name?: string, isInApp = true): StoredFrame {
  const original = { source, line: 3, column: 0, ...(name && { function: name, namedBy: 'source' as const }) }
  return { generated: { file: 'https://a.example/x-B4qQsVP_.js' }, original, isInApp }
}

function group(type: string, ...frames: StoredFrame[]): string {
  return groupOf([{ type, value: 'anything', frames }])
}

test('a group is a type and the innermost frame of the app', () => {
  const library = frame('../node_modules/lib/index.js', 'run', false)
  const own = frame('webpack://shop/./src/cart.ts', 'totalOf')
  const expected = group('TypeError', own)
  expect(group('TypeError', library, own)).toBe(expected)
  expect(group('TypeError', library, frame('../../src/cart.ts', 'totalOf'), library)).toBe(expected)
  expect(group('RangeError', own)).not.toBe(expected)
  expect(group('TypeError', frame('src/cart.ts', 'subtotalOf'))).not.toBe(expected)
  expect(group('TypeError', library)).toBe(group('TypeError', library, library))
  expect(topFrame([library, own])).toBe(own)
})

test('handlers with a name that is not their own are grouped by their line', () => {
  const handler = (code: string, line: number, namedBy: 'source' | 'engine' = 'engine'): StoredFrame => {
    const context = { firstLine: line, lines: [code] }
    const original = { source: 'src/cart.tsx', line, column: 9, function: 'onClick', namedBy, context }
    return { generated: { file: 'x.js' }, original, isInApp: true }
  }
  expect(group('Error', handler('save(order)', 3))).not.toBe(group('Error', handler('remove(order)', 4)))
  expect(group('Error', handler('save(order)', 3))).toBe(group('Error', handler('  save(order)', 7)))
  expect(group('Error', handler('a()', 3, 'source'))).toBe(group('Error', handler('b()', 4, 'source')))
})

test('frames that cannot be read are grouped by a name without its hash, messages by their words', () => {
  const generated = (file: string): StoredFrame => ({ generated: { file, function: 'n' }, isInApp: true })
  expect(group('Error', generated('https://a.example/x-B4qQsVP_.js'))).toBe(
    group('Error', generated('https://b.example/x-DEADbeef.js')),
  )
  expect(group('Error', generated('/x.js'))).not.toBe(group('Error', generated('/y.js')))
  const message = (value: string) => groupOf([{ type: 'Message', value, frames: [] }])
  expect(message('order 17 of 0123456789abcdef')).toBe(message('order 4 of fedcba9876543210'))
  expect(message('order')).not.toBe(message('bill'))
  expect(groupOf([])).toMatch(/^[\da-f]{16}$/)
})

test('frames of all causes together are few, those of what was thrown first', () => {
  const frames = (name: string) => Array.from({ length: 300 }, () => ({ filename: name, lineno: 1, colno: 1 }))
  const values = ['third', 'second', 'first'].map(type => ({ type, stacktrace: { frames: frames(type) } }))
  const { exceptions } = readEvent({ exception: { values } })
  expect(exceptions.map(({ type, frames }) => [type, frames.length])).toEqual([
    ['first', 250],
    ['second', 250],
    ['third', 0],
  ])
})

test('an event that leads to much source keeps that of its first frames', async () => {
  const lines = Array.from({ length: 11 }, () => 'x'.repeat(1000))
  const original = { source: 'a.ts', line: 6, column: 0, isIgnored: false, context: { firstLine: 1, lines } }
  const resolved = { kind: 'original' as const, original, path: 'a.js', debugId: ID }
  const symbolicator = {
    frames: async (frames: unknown[]) => frames.map(() => resolved),
    stack: () => Promise.reject(),
  }
  const frame: StoredFrame = { generated: { file: 'a.js', line: 1, column: 0 }, isInApp: true }
  const thrown = { type: 'E', value: '', frames: Array.from({ length: 250 }, () => frame) }
  const [first, second] = await symbolicateEvent([thrown, thrown], { ...symbolicator, warm() {}, close }, undefined)
  const hasSource = first?.frames.map(({ original }) => original?.context !== undefined)
  expect([hasSource?.indexOf(false), hasSource?.lastIndexOf(true)]).toEqual([27, 26])
  expect(second?.frames.every(({ original }) => original?.line === 6 && original.context === undefined)).toBe(true)
})

const close = async () => {}
