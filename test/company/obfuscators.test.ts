import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { vite as vite7 } from '@mapseal-test/vite7'
import javascriptObfuscator from 'javascript-obfuscator'
import rollupObfuscator from 'rollup-plugin-obfuscator'
import * as vite8 from 'vite'
import viteBundleObfuscator from 'vite-plugin-bundle-obfuscator'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import WebpackObfuscator from 'webpack-obfuscator'
import {
  type Built,
  buildRollup,
  buildRspack,
  buildVite,
  buildWebpack,
  differences,
  listed,
  place,
  places,
  withoutSealing,
} from './cases.ts'

/**
 * Obfuscated builds beside those without us, with a seed. Where the obfuscator comes before injection, the files are equal but for
 * what sealing adds. Where it comes after, it obfuscates that too; it derives its random numbers from the seed and the code, so that
 * all of its output is then another. What it got is equal but for what sealing adds, and what it made of that is what ships.
 */

const options = { seed: 1, stringArray: true, stringArrayThreshold: 1 }
describe.each(['rollup', 'rolldown'] as const)('rollup-plugin-obfuscator in %s', bundler => {
  test.each([
    ['transform', false],
    ['renderChunk', true],
  ] as const)('in %s: every file is equal', async (_, global) => {
    const obfuscate = rollupObfuscator as never as (options: object) => object
    for (const where of places) {
      const built = await buildRollup(bundler, await place(), listed(where, obfuscate({ global, options })))
      expect(built.plain['shared.js']).toContain('_0x')
      expect(differences(built)).toEqual(['- shared.js.map'])
    }
  })
})

describe.each([
  ['webpack', buildWebpack],
  ['Rspack', buildRspack],
] as const)('webpack-obfuscator in %s', (_, build) => {
  test.each(places)('%s ours: every file is equal', async where => {
    // By default, names begin with the number of the chunk, and Rspack lists chunks in another order each time.
    const other = new WebpackObfuscator({ ...options, identifiersPrefix: 'a' })
    const built = await build(await place(), listed(where, other))
    expect(built.plain['main.js']).toContain('_0x')
    expect(differences(built)).toEqual([])
  })
})

type ObfuscatorOptions = Parameters<typeof javascriptObfuscator.obfuscate>[1]

interface Obfuscation {
  code: string
  options: ObfuscatorOptions
  obfuscated: string
}

/** What the obfuscator got and made, whichever plugin called it, by the code that it got. */
function watchObfuscator(): Map<string, Obfuscation> {
  const calls = new Map<string, Obfuscation>()
  const { obfuscate } = javascriptObfuscator
  const spy = vi.spyOn(javascriptObfuscator, 'obfuscate').mockImplementation((code, options) => {
    const result = obfuscate(code, options)
    // It also calls itself, for what it adds.
    if (code.includes('boom-'))
      calls.set(code, { code, options: options && { ...options }, obfuscated: result.getObfuscatedCode() })
    return result
  })
  onTestFinished(() => void spy.mockRestore())
  return calls
}

/** @param calls of the build without us, and then of that with us */
function expectOnlySealingDiffers({ files, plain }: Built, calls: Map<string, Obfuscation>): void {
  const all = [...calls.values()]
  expect(all).toHaveLength(4)
  const [without, sealed] = [all.slice(0, 2), all.slice(2)]
  for (const { code } of sealed) expect(code).toContain('_sentryDebugIds')
  const inputs = (made: Obfuscation[]) => made.map(({ code }) => withoutHashes(withoutSealing(code))).sort()
  expect(inputs(sealed)).toEqual(inputs(without))

  const scripts = (files: Record<string, string>) =>
    Object.entries(files).flatMap(([name, code]) => (/(?:index|lazy).*\.js$/.test(name) ? [withoutComments(code)] : []))
  const outputs = (made: Obfuscation[]) => made.map(({ obfuscated }) => withoutComments(obfuscated)).sort()
  expect(scripts(plain).sort()).toEqual(outputs(without))
  expect(scripts(files).sort()).toEqual(outputs(sealed))
  // By the seed, the same code leads to the same output.
  for (const { code, options, obfuscated } of all)
    expect(javascriptObfuscator.obfuscate(code, options).getObfuscatedCode()).toBe(obfuscated)
}

/** Vite fills in what a chunk preloads, which is nothing here, when other plugins have seen it. */
function withoutComments(code: string): string {
  return code
    .replace(/__VITE_PRELOAD__(?:[\da-f]{32})?/, '[]')
    .replaceAll(/\s*\/\/# (?:debugId|sourceMappingURL)=\S+/g, '')
    .trimEnd()
}

/** One script names the other. */
function withoutHashes(code: string): string {
  return code.replaceAll(/-[\w-]{8}(?=\.js)/g, '')
}

describe.each([
  ['Vite 8', vite8],
  ['Vite 7', vite7],
] as const)('%s', (name, vite) => {
  const config = { build: { sourcemap: 'hidden' as const } }

  test('vite-plugin-bundle-obfuscator comes after injection: it gets the same code but for what sealing adds', async () => {
    const calls = watchObfuscator()
    const obfuscate = viteBundleObfuscator as never as (options: object) => object
    // It obfuscates each file name once a process: names have a hash, which is another in each build.
    const dir = await place()
    await appendFile(join(dir, 'src/main.js'), `globalThis.__vite = '${name}'\n`)
    const built = await buildVite(vite, dir, listed('before', obfuscate({ log: false, options })), config)
    expect(differences(built).sort()).toEqual(
      [
        '+ assets/index.js',
        '+ assets/lazy.js',
        '+ assets/release.js',
        '- assets/index.js',
        '- assets/index.js.map',
        '- assets/lazy.js',
        '- assets/lazy.js.map',
        '~ index.html',
      ].sort(),
    )
    expectOnlySealingDiffers(built, calls)
  })

  test.each(places)('a plugin %s ours obfuscates in generateBundle: likewise', async where => {
    const calls = watchObfuscator()
    const other = {
      name: 'obfuscate',
      generateBundle(_: unknown, bundle: Record<string, { type: string; code: string }>) {
        for (const file of Object.values(bundle))
          if (file.type === 'chunk') file.code = javascriptObfuscator.obfuscate(file.code, options).getObfuscatedCode()
      },
    }
    const output = { entryFileNames: '[name].js', chunkFileNames: '[name].js' }
    const named = { build: { ...config.build, assetsInlineLimit: 0, rollupOptions: { output } } }
    const built = await buildVite(vite, await place(), listed(where, other), named)
    expect(differences(built).sort()).toEqual([
      '+ assets/release.js',
      '- index.js.map',
      '- lazy.js.map',
      '~ index.html',
      '~ index.js',
      '~ lazy.js',
    ])
    expectOnlySealingDiffers(built, calls)
  })
})
