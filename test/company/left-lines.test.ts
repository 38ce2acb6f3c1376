import { vite as vite7 } from '@mapseal-test/vite7'
import * as vite8 from 'vite'
import { describe, expect, test } from 'vitest'
import { type Built, buildRollup, buildVite, originalOf, place, stacksIn } from './cases.ts'

/** Plugins that move the lines of a module in `transform` without a map: what is wrong is not read, and the build says so. */

const header = '/*\n * a\n * header\n */\n'
const transforming = (name: RegExp, transform: (code: string) => unknown) => ({
  name: 'header',
  transform: (code: string, id: string) => (name.test(id) ? transform(code) : null),
})
const leaving = (name: RegExp) => transforming(name, code => ({ code: header + code, map: null }))

const files = {
  'src/shared.js':
    "import { other } from './other.js'\nexport const boom = order => {\n  if (!order.price) throw new Error('boom-shared' + other(1))\n}\n",
  'src/other.js': "// a comment\nexport function other(value) {\n  throw new Error('boom-other' + value)\n}\n",
}

const linesOf = ({ lines }: Built) => lines.filter(line => line.includes('changed lines in "transform"'))

describe.each(['rollup', 'rolldown'] as const)('%s', bundler => {
  test.each([
    ['map: null', leaving(/other\.js$/)],
    ['no map', transforming(/other\.js$/, code => ({ code: header + code }))],
    ['code alone', transforming(/other\.js$/, code => header + code)],
    ['a promise', transforming(/other\.js$/, async code => ({ code: header + code, map: null }))],
    ['in front of a plugin that gives a map', [leaving(/other\.js$/), transforming(/x/, () => null)]],
  ])('%s: the module leads nowhere, and the other one to its line', async (_, plugin) => {
    const built = await buildRollup(bundler, await place(files), ours => [plugin, ...ours])
    expect(await originalOf(built, 'shared.js', 'boom-shared')).toBe('shared.js:3')
    expect(await originalOf(built, 'shared.js', 'boom-other')).toBe('nowhere')
    expect(linesOf(built)).toEqual([expect.stringMatching(/The plugin "header" .* places in \S*src\/other\.js cannot/)])
    expect(built.report).toMatchObject({ scripts: 1, decodable: 1 })
  })

  test.each([
    ['lines behind the code', (code: string) => `${code}\nexport const behind = 1\n`],
    ['other words on a line', (code: string) => code.replace('boom-other', 'BOOM-OTHER')],
    ['nothing', (code: string) => code],
  ])('%s: nothing has moved', async (_, transform) => {
    const plugin = transforming(/other\.js$/, code => ({ code: transform(code), map: null }))
    const built = await buildRollup(bundler, await place(files), ours => [plugin, ...ours])
    expect(await originalOf(built, 'shared.js', 'other(value)')).toBe('other.js:2')
    expect(linesOf(built)).toEqual([])
  })
})

test.each([
  ['Vite 8', vite8],
  ['Vite 7', vite7],
] as const)('%s: a stack of the page', async (_, vite) => {
  const built = await buildVite(vite, await place(), ours => [leaving(/src\/lazy\.js$/), ...ours])
  const frames = ['main.js:7', expect.stringMatching(/^unread: /)]
  expect(await stacksIn(built)).toEqual({ byId: frames, byUrl: frames })
  expect(linesOf(built)).toHaveLength(1)
})

test.each([
  ['transform', { transform: (_: string, id: string, meta: Native) => (/src\/.*\.js$/.test(id) ? moved(meta) : null) }],
  ['renderChunk', { renderChunk: (_code: string, _chunk: object, _output: object, meta: Native) => moved(meta) }],
])('a native magic string that Vite 8 passes to %s knows what it has moved', async (_, hooks) => {
  const experimental = { nativeMagicString: true }
  const built = await buildVite(vite8, await place(), ours => [{ name: 'native', ...hooks }, ...ours], {
    build: { rolldownOptions: { experimental } },
  })
  const frames = ['main.js:7', 'lazy.js:6']
  expect(await stacksIn(built)).toEqual({ byId: frames, byUrl: frames })
  expect(built.report).toMatchObject({ decodable: built.report?.scripts })
  expect(linesOf(built)).toEqual([])
})

/** What Rolldown passes to hooks beside the code. */
interface Native {
  magicString: { prepend(code: string): unknown }
}

function moved({ magicString }: Native): object {
  magicString.prepend(`${header}globalThis.moved = true;\n\n`)
  return { code: magicString }
}
