import rolldown from 'mapseal/rolldown'
import rollup from 'mapseal/rollup'
import vite from 'mapseal/vite'
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
  expect(vite().map(plugin => plugin.apply)).toEqual(['build', 'build'])
})

test('disabled, no hook of ours is there', () => {
  const hooks = [vite({ enabled: false })].flat().flatMap(plugin => Object.keys(plugin))
  expect(hooks.sort()).toEqual(['name'])
})
