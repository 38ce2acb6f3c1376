import { runInNewContext } from 'node:vm'
import { createSnippet } from '@mapseal/core'
import { expect, test } from 'vitest'
import { sentry } from '../src/sentry.ts'

const release = { name: 'shop@1.4.0', source: 'option' }

/** What the snippet of a destination registers. */
function registered(destination: ReturnType<typeof sentry>): unknown[] {
  const registries = (destination.registries ?? []).map(({ global, entry }) =>
    entry ? { global, entry: (debugId: string) => entry(debugId, release) } : { global },
  )
  const context: { _sentryModuleMetadata?: Record<string, unknown> } = {}
  runInNewContext(createSnippet(registries), context)
  return Object.values(context._sentryModuleMetadata ?? {})
}

test('without a key or metadata, scripts carry none', () => {
  expect(registered(sentry())).toEqual([])
})

test('applicationKey and moduleMetadata are in one entry, the metadata over the key', () => {
  const destination = sentry({ applicationKey: 'shop', moduleMetadata: { team: 'web' } })
  expect(registered(destination)).toEqual([{ '_sentryBundlerPluginAppKey:shop': true, team: 'web' }])
})

test('a function gets what options and variables name, and is called once for a release', () => {
  let calls = 0
  const env = { SENTRY_ORG: 'acme', SENTRY_PROJECT: 'web, api' }
  const moduleMetadata = (known: object) => {
    calls += 1
    return { ...known }
  }
  const destination = sentry({ moduleMetadata }, { env })
  const known = { org: 'acme', project: 'web', projects: ['web', 'api'], release: 'shop@1.4.0' }
  expect(registered(destination)).toEqual([known])
  expect(registered(destination)).toEqual([known])
  expect(calls).toBe(1)
})

test('builds with different metadata are not one build', () => {
  const identities = [{}, { applicationKey: 'a' }, { moduleMetadata: { a: 1 } }, { moduleMetadata: () => ({ a: 1 }) }]
  expect(new Set(identities.map(options => sentry(options).identity)).size).toBe(identities.length)
})

test.each([
  [{ applicationKey: 1 }, '"applicationKey" takes text.'],
  [{ moduleMetadata: [] }, '"moduleMetadata" takes an object, or a function that returns one.'],
])('%j is refused', (options, message) => {
  expect(() => sentry(options as never)).toThrow(message)
})

test('a function that returns no object is refused when it is called', () => {
  expect(() => registered(sentry({ moduleMetadata: (() => 'text') as never }))).toThrow('takes an object')
})
