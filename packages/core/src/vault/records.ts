import { reason } from '../errors.ts'
import type { BuildRecord, FileRecord } from '../types.ts'
import { placeOf, type Store, type StoredKey } from './store.ts'

export function recordKey(id: string): string {
  return `builds/${id}.json`
}

/** Newest first, as the IDs of builds sort. */
export async function listRecords(store: Store): Promise<StoredKey[]> {
  const records: StoredKey[] = []
  for await (const stored of store.list('builds/')) if (/^builds\/[^/]+\.json$/.test(stored.key)) records.push(stored)
  return records.reverse()
}

/** Undefined if there is none, or if it cannot be read, which pruning reports. */
export async function newestRecord(store: Store): Promise<BuildRecord | undefined> {
  const [newest] = await listRecords(store)
  return newest && readRecord(store, newest.key).catch(() => undefined)
}

/** Undefined if another process has pruned it meanwhile. @throws SyntaxError that names it if it is not a record */
export async function readRecord(store: Store, key: string): Promise<BuildRecord | undefined> {
  return recordOf(store, key, await store.get(key))
}

/** @throws SyntaxError as `readRecord` */
export function recordOf(store: Store, key: string, json: Buffer | undefined): BuildRecord | undefined {
  try {
    return json && parseRecord(json.toString())
  } catch (cause) {
    const what = `${placeOf(store, key)} cannot be read as a build record: ${reason(cause)}.`
    throw new SyntaxError(`${what} Restore it from a copy, or delete it.`, { cause })
  }
}

export function recordBytes(build: BuildRecord): Buffer {
  return Buffer.from(`${JSON.stringify(build, null, 1)}\n`)
}

function parseRecord(json: string): BuildRecord {
  const build = JSON.parse(json) as Partial<BuildRecord> | null
  if (build?.version !== 1 || typeof build.id !== 'string' || !Array.isArray(build.files) || !build.deliveries) {
    throw new SyntaxError('it is not a build record of version 1')
  }
  return build as BuildRecord
}

/** Those of `files` that are not among the stored ones, as they are. */
export function missingFrom(stored: FileRecord[], files: FileRecord[]): FileRecord[] {
  const known = new Set(stored.map(file => JSON.stringify(file)))
  return files.filter(file => !known.has(JSON.stringify(file)))
}
