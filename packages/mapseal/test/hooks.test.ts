import { mapseal } from 'mapseal'
import rolldown from 'mapseal/rolldown'
import rollup from 'mapseal/rollup'
import vite from 'mapseal/vite'
import type { Plugin } from 'vite'
import { expect, test } from 'vitest'

/** Hooks that a bundler calls once a module; any of them is what made other plugins slow. */
const perModule = [
  'resolveId',
  'load',
  'transform',
  'moduleParsed',
  'resolveDynamicImport',
  'shouldTransformCachedModule',
]

test.each(Object.entries({ vite, rollup, rolldown }))('%s: nothing happens per module', (_, plugin) => {
  const hooks = [plugin()].flat().flatMap(each => Object.keys(each as object))
  expect(hooks).toContain('generateBundle')
  expect(hooks.filter(hook => perModule.includes(hook))).toEqual([])
  expect(hooks).not.toContain('renderChunk')
})

test('nothing runs in the development server', () => {
  const applies = ({ apply }: Plugin, command: 'build' | 'serve') =>
    typeof apply === 'function' ? apply.call({} as never, {}, { command, mode: '' }) : apply === command
  for (const plugin of vite()) {
    expect(applies(plugin, 'build')).toBe(true)
    expect(applies(plugin, 'serve')).toBe(false)
  }
})

test('disabled, no hook of ours is there', () => {
  expect(mapseal.vite({ enabled: false })).toEqual([])
  expect(mapseal.rollup({ enabled: false })).toEqual([])
  expect(mapseal.rolldown({ enabled: false })).toEqual([])
  expect(mapseal.farm({ enabled: false })).toEqual([])
  expect(mapseal.rsbuild({ enabled: false })).toEqual([])
  const untouchable = new Proxy({}, { get: (_, key) => expect.unreachable(String(key)) })
  mapseal.webpack({ enabled: false }).apply(untouchable)
  mapseal.rspack({ enabled: false }).apply(untouchable)
  mapseal.bun({ enabled: false }).setup(untouchable)
})

const functions = Object.entries(mapseal).filter(([name]) => name !== 'raw' && name !== 'unloader')

test.each(functions)('%s: a wrong option fails where it is written', (_, plugin) => {
  expect(() => plugin({ relase: '1.4.0' })).toThrow('Did you mean')
})

test.each(functions)("%s: none of unplugin's hooks is used", name => {
  const hooks = mapseal.raw({}, { framework: name }).flatMap(plugin => Object.keys(plugin))
  expect([...new Set(hooks)].sort()).toEqual([name, 'name'].sort())
})

test('a tool without a host is refused', () => {
  expect(() => mapseal.raw({}, { framework: 'unloader' })).toThrow('unloader is not supported')
})
