import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deliverBuild } from '../src/deliver/deliver.ts'
import type { Destination } from '../src/deliver/destination.ts'
import { deliverable } from '../src/deliver/lacking.ts'
import { resolveUrls } from '../src/deliver/urls.ts'
import type { BuildRecord, Bytes, Vault } from '../src/types.ts'
import { openVault } from '../src/vault/locate.ts'

/** Destinations and options that misbehave, and what several destinations share. */

let root: string
let vault: Vault
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'odd-'))
  vault = openVault('vault', root)
})
afterEach(() => rm(root, { recursive: true }))

async function record(size = 10): Promise<BuildRecord> {
  const pack = vault.newPack()
  const files: BuildRecord['files'] = []
  for (const path of ['a.js', 'b.js']) {
    const debugId = `${path.charCodeAt(0)}11111-2222-8333-8444-555555555555`
    const map = Buffer.from(JSON.stringify({ version: 3, file: path, mappings: ''.padEnd(size, ';') }))
    const artifact = { path, debugId, code: Buffer.from(path), map }
    files.push({ path, outDir: 'dist', debugId, ...(await pack.put(artifact)) })
  }
  await pack.commit()
  const build: BuildRecord = { id: 'b', version: 1, createdAt: '2026-01-01T00:00:00.000Z', files, deliveries: {} }
  await vault.record(build)
  return build
}

function deliver(build: BuildRecord, destinations: Destination[]) {
  const logger = { info() {}, warn() {}, error() {} }
  const fetch = () => Promise.reject(new Error('not used'))
  return deliverBuild(build, { vault, destinations, logger, fetch, signal: new AbortController().signal })
}

const fine: Destination = { name: 'fine', deliver: async () => ({ artifacts: 2 }) }

test.each([
  [
    'throws at once',
    () => {
      throw new Error('at once')
    },
    'at once',
  ],
  [
    'throws what is not an error',
    () => {
      throw 'text'
    },
    'text',
  ],
  ['returns nothing', () => undefined, /./],
])('one that %s fails alone', async (_, deliverOdd, message) => {
  const build = await record()
  const odd = { name: 'odd', deliver: deliverOdd as unknown as Destination['deliver'] }
  const causes = await deliver(build, [odd, fine])
  expect([...causes.keys()]).toEqual(['odd'])
  expect(build.deliveries).toMatchObject({ odd: { state: 'failed' }, fine: { state: 'delivered', artifacts: 2 } })
  expect(build.deliveries.odd?.message).toMatch(message)
})

test('one that cannot say what it lacks is tried', async () => {
  const odd: Destination = {
    ...fine,
    name: 'odd',
    lacks: () => {
      throw new Error('no')
    },
  }
  expect(await deliverable({ destinations: [odd], deliver: 'now' }, {})).toEqual({ destinations: [odd], skipped: [] })
})

test.each([
  [['https://a.example/x.js', 'https://b.example/x.js'], 2],
  [[], 0],
  [undefined, 0],
  [null, 0],
  ['', 0],
  [[undefined, 'https://a.example/x.js', 7], 1],
])('URLs are those that a function gives as text: %j', (given, count) => {
  const urls = resolveUrls((() => given) as unknown as () => string, 'x.js')
  expect(urls).toHaveLength(count)
  expect(urls.every(url => url.startsWith('https://'))).toBe(true)
})

test('destinations that are about as fast as one another share the bytes of a file', async () => {
  const seen: Bytes[][] = [[], []]
  const reader = (index: number): Destination => ({
    name: `reader-${index}`,
    async deliver(_, artifacts) {
      for await (const { code, map } of artifacts) seen[index]?.push(code, map as Bytes)
      return { artifacts: 2 }
    },
  })
  await deliver(await record(), [reader(0), reader(1)])
  expect(seen[0]).toHaveLength(4)
  for (const [at, bytes] of (seen[0] as Bytes[]).entries()) expect(seen[1]?.[at]).toBe(bytes)
})

test('fewer files are on their way where they are large', async () => {
  const parallel: (number | undefined)[] = []
  const counter = (name: string): Destination => ({
    name,
    async deliver(_, __, context) {
      parallel.push(context.parallel)
      return { artifacts: 2 }
    },
  })
  await deliver(await record(), [counter('a'), counter('b')])
  const large = await record()
  for (const file of large.files) Object.assign(file.map as object, { size: 30 * 2 ** 20 })
  await deliver(large, [counter('a')])
  await deliver({ ...large, deliveries: {} }, [counter('a'), counter('b'), counter('c')])
  expect(parallel).toEqual([4, 4, 2, 1, 1, 1])
})
