import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { symbolicate } from '../src/symbolicate/symbolicate.ts'
import type { BuildRecord, FileRecord } from '../src/types.ts'
import { openBuilds } from '../src/vault/builds.ts'
import { recordBytes, recordKey } from '../src/vault/records.ts'
import type { Store } from '../src/vault/store.ts'
import { createVault } from '../src/vault/vault.ts'
import { memoryStore, type Objects } from './memory-store.ts'

/**
 * What a vault costs does not grow with the builds in it: requests to its store, at N and at 4N builds. One in five files changes
 * from one build to the next.
 */

const fileCount = 10
const small = 1500
const start = Date.parse('2026-01-01T00:00:00Z')
const pageKeys = 1000

const debugId = (version: number, file: number) =>
  `00000000-0000-8000-${String(file).padStart(4, '0')}-${String(version).padStart(12, '0')}`

/** Two files change with each build, in turn. */
function filesOf(build: number): FileRecord[] {
  return Array.from({ length: fileCount }, (_, file) => {
    const changed = Math.max(0, build - ((build - file + fileCount * 5) % 5))
    const blob = {
      sha256: `${changed}`.padStart(64, '0'),
      size: 1,
      pack: `p${changed}`,
      offset: 0,
      length: 1,
      crc32: 0,
    }
    return { path: `app-${file}.${changed}.js`, outDir: 'dist', debugId: debugId(changed, file), code: blob, map: blob }
  })
}

function recordOf(build: number): BuildRecord {
  const createdAt = new Date(start + build * 60_000).toISOString()
  return {
    id: `${createdAt.replace(/[-:.]/g, '')}-${String(build).padStart(8, '0')}`,
    version: 1,
    createdAt,
    project: `app-${build % 100}`,
    release: { name: `r${build}`, source: 'option' },
    files: filesOf(build),
    deliveries: {},
  }
}

/** Requests as a bucket counts them: a list of more than a page is several. */
function counting(store: Store): Store & { take(): number } {
  let count = 0
  const step = <Result>(result: Result): Result => {
    count += 1
    return result
  }
  return {
    ...store,
    get: (key, range) => step(store.get(key, range)),
    put: (key, bytes) => step(store.put(key, bytes)),
    update: (key, change) => step(store.update(key, change)),
    touch: (key, least) => step(store.touch(key, least)),
    delete: key => step(store.delete(key)),
    async *list(prefix, after) {
      let listed = 0
      count += 1
      for await (const stored of store.list(prefix, after)) {
        if (++listed % pageKeys === 0) count += 1
        yield stored
      }
    },
    take() {
      const taken = count
      count = 0
      return taken
    },
  }
}

/** A vault of the format before the index, used once since: a build was added to it and pruned. */
async function vaultOf(builds: number): Promise<Objects> {
  const objects: Objects = new Map()
  for (let build = 0; build < builds; build++) {
    const record = recordOf(build)
    objects.set(recordKey(record.id), { bytes: recordBytes(record), modified: Date.parse(record.createdAt) })
  }
  const vault = createVault(memoryStore(objects))
  await vault.record(recordOf(builds))
  expect(await vault.prune(builds)).toEqual([])
  return objects
}

/** The same work on vaults of both sizes, by the process that does it. */
async function costs(work: (store: Store, builds: number) => Promise<unknown>): Promise<[number, number]> {
  const counts = await Promise.all(
    vaults.map(async ({ store, builds }) => {
      store.take()
      await work(store, builds)
      return store.take()
    }),
  )
  return counts as [number, number]
}

let made: { objects: Objects; builds: number }[]
let vaults: { store: ReturnType<typeof counting>; builds: number }[]
beforeAll(async () => {
  made = await Promise.all([small, 4 * small].map(async builds => ({ builds, objects: await vaultOf(builds) })))
}, 300_000)
beforeEach(() => {
  vaults = made.map(({ builds, objects }) => ({ builds, store: counting(memoryStore(new Map(objects))) }))
})

describe('at N and at 4N builds costs the same number of requests', () => {
  test('opening the index, as a server does at its start', async () => {
    const [few, many] = await costs(async (store, builds) => {
      expect((await createVault(store).index()).builds()).toHaveLength(builds + 1)
    })
    expect([few, many]).toEqual([few, few])
    expect(few).toBeLessThanOrEqual(5)
  })

  test.each(['the newest', 'an old', 'an unknown'] as const)('finding %s debug ID', async which => {
    const [few, many] = await costs(async (store, builds) => {
      const vault = createVault(store)
      const opened = await openBuilds(vault)
      ;(store as ReturnType<typeof counting>).take()
      const id = { 'the newest': debugId(builds, 0), 'an old': debugId(5, 0), 'an unknown': debugId(1, 9999) }[which]
      const found: string[] = []
      for await (const { files } of opened.withId(id, undefined)) {
        found.push(...files.filter(file => file.debugId === id).map(file => file.path))
        break
      }
      expect(found).toHaveLength(which === 'an unknown' ? 0 : 1)
    })
    expect([few, many]).toEqual([few, few])
    // The map of the file is one more.
    expect(few).toBeLessThanOrEqual(3)
  })

  test('reading a stack by the name of a file, and by its release', async () => {
    const [few, many] = await costs(async (store, builds) => {
      const stack = (build: number) => `Error\n    at f (https://a.io/${filesOf(build)[3]?.path}:1:1)`
      const vault = createVault(store)
      const { lines } = await symbolicate(stack(7), vault)
      expect(lines[1]).toMatchObject({ reason: 'unreadable-map' })
      const other = await symbolicate(stack(builds), vault, { release: `r${builds}` })
      expect(other.lines[1]).toMatchObject({ reason: 'unreadable-map' })
    })
    expect([few, many]).toEqual([few, few])
  })

  test('a new build, its change and its prune', async () => {
    const [few, many] = await costs(async (store, builds) => {
      const vault = createVault(store)
      expect((await vault.newest())?.id).toBe(recordOf(builds).id)
      const record = recordOf(builds + 1)
      const deliveries = { sentry: { state: 'pending' as const, at: record.createdAt } }
      await vault.record({ ...record, state: 'open', deliveries })
      await vault.amend(record.id, build => build && { ...build, deliveries: {} })
      expect(await vault.prune(200, { caller: record.id })).toEqual([])
    })
    expect([few, many]).toEqual([few, few])
  })

  test('finding what is not yet delivered', async () => {
    const [few, many] = await costs(async (store, builds) => {
      const vault = createVault(store)
      const record = recordOf(builds + 1)
      await vault.record({ ...record, deliveries: { sentry: { state: 'pending', at: record.createdAt } } })
      expect((await createVault(store).pending()).map(({ id }) => id)).toEqual([record.id])
    })
    expect([few, many]).toEqual([few, few])
  })

  test('two dozen new builds with their prunes, in all: parts of the index are merged meanwhile', {
    timeout: 300_000,
  }, async () => {
    const [few, many] = await costs(async (store, builds) => {
      for (let more = 1; more <= 24; more++) {
        const vault = createVault(store)
        const record = recordOf(builds + more)
        await vault.record(record)
        expect(await vault.prune(200, { caller: record.id })).toEqual([])
      }
      const { builds: all } = await createVault(store).index()
      expect(all()).toHaveLength(builds + 25)
    })
    expect(many).toBeLessThanOrEqual(few * 1.02)
  })
})
