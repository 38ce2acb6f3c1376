import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BuildRecord, createVault, type FileRecord, folderStore, type Release, type Store } from '@mapseal/core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createBuildIndex } from '../src/builds/index.ts'

let dir: string
let store: Store
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mapseal-index-'))
  store = folderStore(dir)
})
afterEach(async () => {
  vi.useRealTimers()
  await rm(dir, { recursive: true })
})

const id = (digit: number) => `00000000-0000-8000-8000-00000000000${digit}`
const file = (path: string, digit: number): FileRecord => ({
  path,
  outDir: 'dist',
  debugId: id(digit),
  code: { sha256: '0'.repeat(64), size: 1, pack: '', offset: 0, length: 0, crc32: 0 },
})

async function write(minute: number, files: FileRecord[], release?: Omit<Release, 'source'>): Promise<BuildRecord> {
  const build: BuildRecord = {
    id: `20261121T1015${String(minute).padStart(2, '0')}123Z-00000000`,
    version: 1,
    createdAt: '2026-11-21T10:15:00.123Z',
    ...(release && { release: { ...release, source: 'test' } }),
    files,
    deliveries: {},
  }
  await createVault(store).record(build)
  return build
}

async function all(builds: AsyncIterable<BuildRecord>): Promise<BuildRecord[]> {
  const found: BuildRecord[] = []
  for await (const build of builds) found.push(build)
  return found
}

const paths = (files: FileRecord[]) => files.map(({ path }) => path)

test('by debug ID: the release first, then the newest', async () => {
  await write(1, [file('old.js', 1)], { name: '1' })
  await write(2, [file('released.js', 1), file('other.js', 2)], { name: '2' })
  await write(3, [file('new.js', 1)])
  const index = createBuildIndex(store)
  expect(paths(await index.byDebugId(id(1), '2'))).toEqual(['released.js', 'new.js', 'old.js'])
  expect(paths(await index.byDebugId(id(1)))).toEqual(['new.js', 'released.js', 'old.js'])
  expect(await index.byDebugId(id(9))).toEqual([])
})

test('by file: the longest tail, in the release and dist alone', async () => {
  await write(1, [file('app.js', 1), file('assets/app.js', 2), file('sets/app.js', 3)], { name: '1' })
  await write(2, [file('assets/app.js', 4)], { name: '1', dist: 'a' })
  await write(3, [file('assets/app.js', 5)], { name: '2' })
  const index = createBuildIndex(store)
  const url = 'https://shop.example/assets/app.js?v=1#x'
  expect((await index.byFile('1', url)).map(({ debugId }) => debugId)).toEqual([id(2), id(4), id(1)])
  expect((await index.byFile('1', url, 'a')).map(({ debugId }) => debugId)).toEqual([id(4)])
  expect(await index.byFile('3', url)).toEqual([])
  await write(4, [file('größe [id].js', 6)], { name: '4' })
  expect(paths(await createBuildIndex(store).byFile('4', 'app:///gr%C3%B6%C3%9Fe%20%5Bid%5D.js'))).toEqual([
    'größe [id].js',
  ])
})

test('by URL in any release: the newest of the longest tail, and not among thousands', async () => {
  await write(1, [file('assets/app.js', 1), file('app.js', 2)], { name: '1' })
  await write(2, [file('assets/app.js', 3)])
  await write(3, [file('other.js', 4)], { name: '2' })
  const index = createBuildIndex(store)
  const found = async (url: string) => (await index.byUrl(url))?.debugId
  expect(await found('https://shop.example/assets/app.js?v=1')).toBe(id(3))
  expect(await found('https://shop.example/js/app.js')).toBe(id(2))
  expect(await found('other.js')).toBe(id(4))
  expect(await found('https://shop.example/another.js')).toBeUndefined()
  for (let minute = 10; minute < 40; minute++) await write(minute, [file('deep/app.js', 5)])
  const full = createBuildIndex(store)
  expect((await full.byUrl('/deep/app.js'))?.debugId).toBe(id(5))
  expect(await full.byUrl('/assets/app.js'), 'older than the newest twenty').toBeUndefined()
})

test('by a URL that is shorter than the path, if one file alone can be meant', async () => {
  const other = { ...file('app/server/main.js', 3), code: { ...file('', 3).code, sha256: '1'.repeat(64) } }
  await write(1, [file('app/browser/main.js', 1), file('app/browser/index.html', 5)], { name: '1' })
  await write(2, [file('app/browser/main.js', 2), other], { name: '2' })
  const index = createBuildIndex(store)
  expect(paths(await index.byFile('1', 'https://a.io/main.js'))).toEqual(['app/browser/main.js'])
  expect(paths(await index.byFile('1', 'https://a.io/'))).toEqual(['app/browser/index.html'])
  expect(await index.byFile('2', 'https://a.io/main.js')).toEqual([])
  expect(paths(await index.byFile('2', 'https://a.io/server/main.js'))).toEqual(['app/server/main.js'])
  expect(await index.byUrl('https://a.io/main.js')).toBeUndefined()
  expect((await index.byUrl('https://a.io'))?.debugId).toBe(id(5))
})

test('by debug ID: the file that the URL names first', async () => {
  await write(1, [file('old.js', 1)])
  await write(2, [file('a.js', 1), { ...file('index.html', 1), fate: 'inlined' }])
  const index = createBuildIndex(store)
  expect(paths(await index.byDebugId(id(1), undefined, 'https://a.io/old.js'))).toEqual([
    'a.js',
    'index.html',
    'old.js',
  ])
  expect(paths(await index.byDebugId(id(1), undefined, 'https://a.io/orders'))).toEqual([
    'index.html',
    'a.js',
    'old.js',
  ])
})

test('a pack stores nothing again that the newest build has, and goes through no list of builds', async () => {
  const lists: string[] = []
  const counted: Store = {
    ...store,
    list(prefix) {
      lists.push(prefix)
      return store.list(prefix)
    },
  }
  const artifact = { path: 'a.js', debugId: id(1), code: Buffer.from('a()'), map: Buffer.from('{}') }
  const first = createVault(store).newPack()
  const blobs = await first.put(artifact)
  await first.commit()
  await write(1, [{ ...file('a.js', 1), ...blobs }])
  // It looks again after a second.
  vi.useFakeTimers({ toFake: ['Date'] })
  const index = createBuildIndex(counted)
  const newest = async () => (await all(index.records()))[0]
  await newest()
  lists.length = 0
  const pack = () => createVault(counted).newPack({ newest })
  for (let count = 0; count < 3; count++) expect(await pack().put(artifact)).toEqual(blobs)
  expect(lists).toEqual([])
})

test('what another server writes is found after a second; what this one writes, at once', async () => {
  await write(1, [file('a.js', 1)])
  vi.useFakeTimers({ toFake: ['Date'] })
  const index = createBuildIndex(store)
  expect(paths(await index.byDebugId(id(1)))).toEqual(['a.js'])
  const build = await write(2, [file('b.js', 2)])
  expect(await index.byDebugId(id(2))).toEqual([])
  vi.setSystemTime(Date.now() + 1001)
  expect(paths(await index.byDebugId(id(2)))).toEqual(['b.js'])
  index.note({ ...build, id: `${build.id}1`, files: [file('c.js', 3)] })
  expect(paths(await index.byDebugId(id(3)))).toEqual(['c.js'])
})

test('what was pruned is forgotten, what cannot be read is passed over', async () => {
  await write(1, [file('a.js', 1)])
  const gone = await write(2, [file('b.js', 2)])
  await store.put('builds/20261121T101599123Z-ffffffff.json', Buffer.from('{ "version": 2 }'))
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(Date.now() + 10)
  const index = createBuildIndex(store)
  expect((await all(index.records())).length).toBe(2)
  await store.delete(`builds/${gone.id}.json`)
  vi.setSystemTime(Date.now() + 1001)
  expect((await all(index.records())).map(({ files }) => paths(files))).toEqual([['a.js']])
})

test('a build that another server put in the place of one that is known is found after a second', async () => {
  const first = await write(1, [file('a.js', 1)], { name: '1' })
  vi.useFakeTimers({ toFake: ['Date'] })
  const index = createBuildIndex(store)
  expect(paths(await index.byDebugId(id(1)))).toEqual(['a.js'])
  await write(2, [file('other/a.js', 1)], { name: '1' })
  await store.delete(`builds/${first.id}.json`)
  vi.setSystemTime(Date.now() + 1001)
  expect(paths(await index.byDebugId(id(1)))).toEqual(['other/a.js'])
})

test('by file name too', async () => {
  const first = await write(1, [file('a.js', 1)], { name: '1' })
  vi.useFakeTimers({ toFake: ['Date'] })
  const index = createBuildIndex(store)
  expect(paths(await index.byFile('1', 'a.js'))).toEqual(['a.js'])
  await write(2, [file('other/a.js', 1)], { name: '1' })
  await store.delete(`builds/${first.id}.json`)
  vi.setSystemTime(Date.now() + 1001)
  expect(paths(await index.byFile('1', 'a.js'))).toEqual(['other/a.js'])
})

test('after the store has failed, it is asked again at once', async () => {
  let isFailing = false
  const failing: Store = {
    ...store,
    list(prefix, after) {
      if (isFailing) throw new Error('no list')
      return store.list(prefix, after)
    },
  }
  vi.useFakeTimers({ toFake: ['Date'] })
  const index = createBuildIndex(failing)
  expect(await index.byDebugId(id(1))).toEqual([])
  vi.setSystemTime(Date.now() + 1001)
  await write(1, [file('a.js', 1)])
  isFailing = true
  await expect(index.byDebugId(id(1))).rejects.toThrow('no list')
  await expect(index.byDebugId(id(1))).rejects.toThrow('no list')
  isFailing = false
  expect(paths(await index.byDebugId(id(1)))).toEqual(['a.js'])
})
