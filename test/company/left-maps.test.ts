import { createRequire } from 'node:module'
import { join } from 'node:path'
import obfuscator from 'rollup-plugin-obfuscator'
import type versionInjector from 'rollup-plugin-version-injector'
import * as vite8 from 'vite'
import { describe, expect, test } from 'vitest'
import { buildRollup, buildVite, originalOf, place, stacksIn } from './cases.ts'

/** Plugins that change code before source maps are made: the bundler's map is right, or the build says that it is not. */

const shared = `// a comment
export const shared = name => \`shared-\${name}\`
// another
export function boom(order) {
  if (!order.price) throw new Error('boom-shared')
}
`
// Its `import` entry is not made for Node.
const injectVersion = createRequire(import.meta.url)('rollup-plugin-version-injector') as typeof versionInjector.default
const version = () =>
  injectVersion({ packageJson: join(import.meta.dirname, '../../package.json'), logLevel: 'error' } as object) as object

describe.each(['rollup', 'rolldown'] as const)('%s', bundler => {
  test('rollup-plugin-version-injector puts lines before the code and leaves the map: the build says so', async () => {
    const dir = await place({ 'src/shared.js': shared })
    const built = await buildRollup(bundler, dir, ours => [version(), ...ours])
    expect(built.files['shared.js']).toMatch(/\* Version:/)
    expect(built.report).toMatchObject({ scripts: 1, decodable: 0, leaks: [] })
    expect(await originalOf(built, 'shared.js', 'boom-shared')).toBe(
      'the plugin "version-injector" changed it and left its source map as it was',
    )
  })

  test.each([true, false])('rollup-plugin-obfuscator (global: %s) gives a map: it decodes', async global => {
    const dir = await place({ 'src/shared.js': shared })
    const obfuscate = obfuscator as never as (options: object) => object
    const other = obfuscate({ global, options: { stringArray: true, stringArrayThreshold: 1, seed: 1 } })
    const built = await buildRollup(bundler, dir, ours => [other, ...ours])
    expect(built.files['shared.js']).toContain('_0x')
    expect(built.report).toMatchObject({ scripts: 1, decodable: 1, leaks: [] })
    expect(await originalOf(built, 'shared.js', 'throw new Error')).toBe('shared.js:5')
  })

  test('what is put behind the code, or exchanged for as much, moves nothing', async () => {
    const dir = await place({ 'src/shared.js': shared })
    const other = {
      name: 'exchange',
      renderChunk: {
        order: 'post',
        handler: (code: string) => ({
          code: `${code.replace('boom-shared', 'BOOM_SHARED')}\n/* behind */\n`,
          map: null,
        }),
      },
    }
    const built = await buildRollup(bundler, dir, ours => [other, ...ours])
    expect(built.report).toMatchObject({ scripts: 1, decodable: 1 })
    expect(await originalOf(built, 'shared.js', 'BOOM_SHARED')).toBe('shared.js:5')
  })
})

test('in Vite, the stacks of a page whose scripts were moved are not led astray', async () => {
  const built = await buildVite(vite8, await place(), ours => [version(), ...ours], { build: { minify: false } })
  expect(built.report).toMatchObject({ scripts: 3, decodable: 1, leaks: [] })
  const unread = expect.stringMatching(/^unread: the plugin "version-injector" changed it/)
  expect(await stacksIn(built)).toEqual({ byId: [unread, unread], byUrl: [unread, unread] })
})
