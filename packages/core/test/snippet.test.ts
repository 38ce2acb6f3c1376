import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { createReleaseModule } from '../src/build/snippets.ts'
import { placeholderId } from '../src/inject/debug-id.ts'
import { createSnippet, defaultRegistry } from '../src/inject/snippet.ts'

const release = (name: string) => ({ name, source: 'option' })

test('begins and ends with a semicolon, on one line', () => {
  expect(createSnippet([defaultRegistry])).toMatch(/^;[^\n]*;$/)
})

test('names the release, whatever is in its name, and survives inside an HTML script', () => {
  const name = '</script><!-- "é\u2028\\'
  const snippet = createSnippet([defaultRegistry], release(name))
  expect(snippet).not.toMatch(/<|[^\x20-\x7e]/)
  const context: { SENTRY_RELEASE?: { id: string } } = {}
  runInNewContext(snippet, context)
  expect(context.SENTRY_RELEASE?.id).toBe(name)
})

test('the first script to run names the release', () => {
  const context: { SENTRY_RELEASE?: { id: string } } = {}
  runInNewContext(createSnippet([defaultRegistry], release('host')), context)
  runInNewContext(createSnippet([defaultRegistry], release('remote')), context)
  expect(context.SENTRY_RELEASE?.id).toBe('host')
})

test('a module of its own names the release for all destinations, and no debug ID', () => {
  const destination = {
    name: 'test',
    deliver: async () => ({ artifacts: 0 }),
    globals: { scriptId: (debugId: string) => debugId },
    releaseGlobals: ({ name }: { name: string }) => ({ appVersion: name }),
  }
  const context = {}
  runInNewContext(createReleaseModule({ destinations: [destination] }, release('1.4.0')), context)
  expect(context).toEqual({ SENTRY_RELEASE: { id: '1.4.0' }, appVersion: '1.4.0' })
  expect(createReleaseModule({ destinations: [destination] }, undefined)).toBe('')
})

test('fills every registry from one stack', () => {
  const entry = (debugId: string) => ({ service: 'shop', ddDebugId: debugId })
  const registries = [defaultRegistry, { global: '_posthogChunkIds' }, { global: 'DD_SOURCE_CODE_CONTEXT', entry }]
  const context: Record<string, Record<string, unknown>> = {}
  runInNewContext(createSnippet(registries), context)
  const [stack] = Object.keys(context._sentryDebugIds ?? {})
  expect(context._sentryDebugIds).toEqual({ [stack as string]: placeholderId })
  expect(context._posthogChunkIds).toEqual({ [stack as string]: placeholderId })
  expect(context.DD_SOURCE_CODE_CONTEXT).toEqual({ [stack as string]: { service: 'shop', ddDebugId: placeholderId } })
})

test('never throws, even where the globals cannot be written or Error is gone', () => {
  const snippet = createSnippet([defaultRegistry], release('1'))
  expect(() =>
    runInNewContext(`Object.defineProperty(globalThis, "_sentryDebugIds", { value: undefined })${snippet}`),
  ).not.toThrow()
  expect(() => runInNewContext(`delete globalThis.Error${snippet}`)).not.toThrow()
})

test('is ES5', async () => {
  const { transform } = await import('esbuild')
  const snippet = createSnippet([defaultRegistry], release('1'))
  await expect(transform(snippet, { target: 'es5' })).resolves.toMatchObject({ warnings: [] })
})

test('sets globals, which may hold the debug ID', () => {
  const globals = { BUILD: { deps: ['</script>'] }, MARKER: (debugId: string) => `id-${debugId}` }
  const snippet = createSnippet([defaultRegistry], undefined, globals)
  expect(snippet).not.toContain('<')
  const context: Record<string, unknown> = {}
  runInNewContext(snippet, context)
  expect([context.BUILD, context.MARKER]).toEqual([{ deps: ['</script>'] }, `id-${placeholderId}`])
})

test('sets globals whose names are not identifiers', () => {
  const context: Record<string, unknown> = {}
  runInNewContext(createSnippet([], undefined, { '__faroBundleId_my "shop"': '1.4.0' }), context)
  expect(context['__faroBundleId_my "shop"']).toBe('1.4.0')
})
