import { DamagedError, reason } from '../errors.ts'
import type { BuildRecord, FileRecord } from '../types.ts'
import { checkSignature, signatureOf } from './signature.ts'
import { placeOf, type Store, type StoredKey } from './store.ts'

export function recordKey(id: string): string {
  return `builds/${id}.json`
}

/** The ID of the build whose record is under a key; undefined if that is not a record. */
export function recordIdOf(key: string): string | undefined {
  return /^builds\/([^/]+)\.json$/.exec(key)?.[1]
}

/** Everything below `prefix` whose key sorts after `after`. */
export async function* listAfter(store: Store, prefix: string, after: string): AsyncIterable<StoredKey> {
  for await (const stored of store.list(prefix, after)) if (stored.key > after) yield stored
}

/** Newest first, as the IDs of builds sort. */
export async function listRecords(store: Store): Promise<StoredKey[]> {
  const records: StoredKey[] = []
  for await (const stored of store.list('builds/')) if (recordIdOf(stored.key) !== undefined) records.push(stored)
  return records.reverse()
}

/** Undefined if another process has pruned it meanwhile. @throws DamagedError that names it if it is not a record */
export async function readRecord(store: Store, key: string): Promise<BuildRecord | undefined> {
  return recordOf(store, key, await store.get(key))
}

/** @throws DamagedError as `readRecord` */
export function recordOf(store: Store, key: string, json: Buffer | undefined): BuildRecord | undefined {
  try {
    return json && parseRecord(json.toString(), recordIdOf(key))
  } catch (cause) {
    const what = `${placeOf(store, key)} cannot be read as a build record: ${reason(cause)}.`
    const advice = cause instanceof NewerError ? '' : ' Restore it from a copy, or delete it.'
    throw new DamagedError('vault', what + advice, { cause })
  }
}

export function recordBytes(build: BuildRecord): Buffer {
  const signature = signatureOf(build)
  return Buffer.from(`${JSON.stringify(signature === undefined ? build : { ...build, signature }, null, 1)}\n`)
}

class NewerError extends SyntaxError {}

function parseRecord(json: string, id: string | undefined): BuildRecord {
  const { signature, ...build } = (JSON.parse(json) ?? {}) as Partial<BuildRecord> & { signature?: unknown }
  if (Number(build.version) > 1) throw new NewerError('a newer version of Mapseal has written it, so update Mapseal')
  if (build.version !== 1 || typeof build.id !== 'string' || !Array.isArray(build.files) || !build.deliveries) {
    throw new SyntaxError('it is not a build record of version 1')
  }
  checkSignature(build as BuildRecord, signature, id)
  return build as BuildRecord
}

/** Those of `files` that are not among the stored ones, as they are. */
export function missingFrom(stored: FileRecord[], files: FileRecord[]): FileRecord[] {
  const known = new Set(stored.map(file => JSON.stringify(file)))
  return files.filter(file => !known.has(JSON.stringify(file)))
}
