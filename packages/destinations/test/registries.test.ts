import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { createSnippet, type Destination, placeholderId } from '@mapseal/core'
import { expect, test } from 'vitest'
import type { Subject } from '../src/contract/index.ts'

/** One snippet for all destinations at once fills the registry of each with what its SDK expects. */

const expected = {
  _sentryDebugIds: placeholderId,
  _posthogChunkIds: placeholderId,
  _btDebugIds: placeholderId,
  DD_SOURCE_CODE_CONTEXT: { ddDebugId: placeholderId },
}

async function everyDestination(): Promise<Destination[]> {
  const dir = join(import.meta.dirname, 'subjects')
  const destinations: Destination[] = []
  for (const file of (await readdir(dir)).filter(name => name !== 's3.ts')) {
    const { subject } = (await import(join(dir, file))) as { subject: Subject }
    const receiver = await subject.start()
    destinations.push(receiver.create({ origin: 'http://127.0.0.1:1' }))
    await receiver.stop()
  }
  return destinations
}

/** What the global object is called in each run time. */
test.each(['window', 'self', 'global', 'globalThis'])('where the global object is %s', async name => {
  const destinations = await everyDestination()
  expect(destinations.length).toBeGreaterThan(20)
  const release = { name: '1.4.0', source: '' }
  const globals = Object.assign({}, ...destinations.map(({ releaseGlobals }) => releaseGlobals?.(release)))
  const registries = destinations.flatMap(destination => destination.registries ?? [])
  const snippet = createSnippet(registries, release, globals)
  const object: Record<string, Record<string, unknown>> = { Error: Error as never }
  const only = name === 'globalThis' ? '' : `var globalThis = undefined;`
  const context = name === 'globalThis' ? object : { [name]: object }
  runInNewContext(`${only}${snippet}`, context)
  const filled = Object.fromEntries(
    Object.keys(expected).map(key => {
      const [stack, ...others] = Object.keys(object[key] ?? {})
      expect(others).toEqual([])
      return [key, object[key]?.[stack as string]]
    }),
  )
  expect(filled).toEqual(expected)
  expect(object).toMatchObject({
    __faroBundleId_shop: '1.4.0',
    FLARE_SOURCEMAP_VERSION: '1.4.0',
    SENTRY_RELEASE: { id: '1.4.0' },
  })
})
