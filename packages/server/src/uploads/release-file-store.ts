import { createHash } from 'node:crypto'
import { type BlobRef, type FileRecord, mapLimit, type Store } from '@mapseal/core'
import type { ManifestFile } from './manifest.ts'
import { pairFiles } from './pairs.ts'
import { releaseFolder } from './release-store.ts'
import { recordOf } from './unpack.ts'

/** A file that was uploaded by itself, as older clients do. */
export interface ReleaseFile {
  /** Derived from dist and name, which identify the file. */
  id: string
  format: 1
  /** Its URL. */
  name: string
  dist: string | null
  sha1: string
  size: number
  headers: Record<string, string>
  dateCreated: string
  type: 'minified_source' | 'source_map'
  debugId?: string
  sourceMap?: string
  /** Empty for a map, in place of a script that may not come. */
  code: BlobRef
  map?: BlobRef
}

const parallel = 16
const keyOf = (version: string, id: string) => `${releaseFolder(version)}files/${id}.json`

export function releaseFileId(name: string, dist: string | null): string {
  return createHash('sha1')
    .update(`${dist ?? ''}\0${name}`)
    .digest('hex')
}

export async function readReleaseFile(store: Store, version: string, id: string): Promise<ReleaseFile | undefined> {
  return readKey(store, keyOf(version, id))
}

async function readKey(store: Store, key: string): Promise<ReleaseFile | undefined> {
  const bytes = await store.get(key)
  const file = bytes && (JSON.parse(bytes.toString('utf8')) as Partial<ReleaseFile>)
  return file?.format === 1 ? (file as ReleaseFile) : undefined
}

export async function writeReleaseFile(store: Store, version: string, file: ReleaseFile): Promise<void> {
  await store.put(keyOf(version, file.id), Buffer.from(JSON.stringify(file)))
}

export async function removeReleaseFile(store: Store, version: string, id: string): Promise<void> {
  await store.delete(keyOf(version, id))
}

export async function listReleaseFiles(store: Store, version: string): Promise<ReleaseFile[]> {
  const keys: string[] = []
  for await (const { key } of store.list(`${releaseFolder(version)}files/`)) keys.push(key)
  const files = await mapLimit(keys, parallel, key => readKey(store, key))
  return files.filter(file => file !== undefined)
}

/** In ms. The pack of a newer file may not be listed yet. */
const graceMs = 3_600_000

/** Deletes the files whose packs were pruned with their builds; a later build would name packs that are gone. */
export async function pruneReleaseFiles(store: Store): Promise<void> {
  const old: string[] = []
  for await (const { key, modified } of store.list('releases/')) {
    if (/\/files\/[\da-f]{40}\.json$/.test(key) && modified.getTime() < Date.now() - graceMs) old.push(key)
  }
  if (old.length === 0) return
  const packs = new Set<string>()
  for await (const { key } of store.list('packs/')) packs.add(key)
  await mapLimit(old, parallel, async key => {
    const file = await readKey(store, key)
    const isWhole = file && packs.has(`packs/${file.code.pack}`) && (!file.map || packs.has(`packs/${file.map.pack}`))
    if (file && !isWhole) await store.delete(key)
  })
}

/** The files of one dist as a build has them: scripts with their maps. */
export function toFileRecords(files: ReleaseFile[]): FileRecord[] {
  const byId = new Map(files.map(file => [file.id, file]))
  const fileOf = (file: ManifestFile | undefined) => (file ? byId.get(file.entry) : undefined)
  return pairFiles(files.map(toManifestFile)).map(pair => {
    const map = fileOf(pair.map)
    const { code } = (fileOf(pair.code) ?? map) as ReleaseFile
    return recordOf(pair.path, pair.debugId, { code, ...(map?.map && { map: map.map }) })
  })
}

function toManifestFile({ id, name, type, debugId, sourceMap }: ReleaseFile): ManifestFile {
  return { entry: id, type, url: name, ...(debugId && { debugId }), ...(sourceMap && { sourceMap }) }
}
