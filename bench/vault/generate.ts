import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type BuildRecord, createVault, type FileRecord, readRecord, type Store, type Vault } from '@mapseal/core'

export interface Shape {
  builds: number
  files: number
  /** How many of a hundred files change from one build to the next. */
  changing: number
}

/** Number of apps that share the vault. */
const apps = 200
const start = Date.parse('2026-01-01T00:00:00Z')
const minutes = 60_000

/** The file's version in a build: a part of the files changes with each build, in turn. */
function versionOf(build: number, file: number, changing: number): number {
  const every = Math.round(100 / changing)
  return Math.max(0, build - ((build + file) % every))
}

export function idOf(build: number): string {
  const time = new Date(start + build * minutes).toISOString().replace(/[-:.]/g, '')
  return `${time}-${String(build).padStart(8, '0')}`
}

export function debugIdOf(build: number, file: number, { changing }: Shape): string {
  const hash = createHash('sha256')
    .update(`${file} ${versionOf(build, file, changing)}`)
    .digest('hex')
  return hash.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5')
}

/** All files of a build have the same code and map: the index and the records are what is measured. */
function recordOf(build: number, shape: Shape, blobs: Pick<FileRecord, 'code' | 'map'>): BuildRecord {
  return {
    id: idOf(build),
    version: 1,
    createdAt: new Date(start + build * minutes).toISOString(),
    project: `shop-${build % apps}`,
    release: { name: `1.0.${build}`, source: 'option' },
    files: Array.from({ length: shape.files }, (_, file) => ({
      path: `assets/chunk-${file}-${versionOf(build, file, shape.changing)}.js`,
      outDir: 'dist',
      debugId: debugIdOf(build, file, shape),
      ...blobs,
    })),
    deliveries: {},
  }
}

async function blobsIn(vault: Vault): Promise<Pick<FileRecord, 'code' | 'map'>> {
  const pack = vault.newPack()
  const map = {
    version: 3,
    sources: ['src/a.ts'],
    sourcesContent: ['throw new Error()\n'],
    names: [],
    mappings: 'AAAA',
  }
  const debugId = '00000000-0000-8000-8000-000000000000'
  const code = Buffer.from('throw new Error()\n')
  const blobs = await pack.put({ path: 'a.js', debugId, code, map: Buffer.from(JSON.stringify(map)) })
  await pack.commit()
  return blobs
}

/**
 * Adds the builds that are missing, in the format from before the index; the next reader makes the index. Writes to a folder
 * without syncing it, which would take most of the time.
 */
export async function generate(store: Store, shape: Shape, onBuild: (build: number) => void): Promise<void> {
  const vault = createVault(store)
  const newest = await newestOf(store)
  const [first] = newest?.files ?? []
  const blobs = first?.map ? { code: first.code, map: first.map } : await blobsIn(vault)
  if (store.isLocal) await mkdir(join(store.location, 'builds'), { recursive: true })
  for (let build = newest ? Number(newest.id.slice(-8)) + 1 : 0; build < shape.builds; build++) {
    const record = recordOf(build, shape, blobs)
    const key = `builds/${record.id}.json`
    const json = `${JSON.stringify(record, null, 1)}\n`
    if (store.isLocal) writeFileSync(join(store.location, key), json)
    else await store.put(key, Buffer.from(json))
    onBuild(build)
  }
}

async function newestOf(store: Store): Promise<BuildRecord | undefined> {
  let newest: string | undefined
  for await (const { key } of store.list('builds/')) newest = key
  return newest === undefined ? undefined : readRecord(store, newest)
}

/** One more build, as a plugin adds it: in the output's place stands its record. */
export async function addBuild(store: Store, build: number, shape: Shape): Promise<void> {
  const vault = createVault(store)
  const newest = await vault.newest()
  const [first] = newest?.files ?? []
  if (!first?.map) throw new Error('The vault is empty.')
  const record = recordOf(build, shape, { code: first.code, map: first.map })
  await vault.record({ ...record, state: 'open' })
  await vault.amend(record.id, ({ state: _, ...stored } = record) => stored)
  for (const problem of await vault.prune(Math.ceil(shape.builds / apps), { caller: record.id }))
    throw new Error(problem)
}
