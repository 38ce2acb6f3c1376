import { MapsealError } from '../errors.ts'

/**
 * Bytes under keys: what a vault is kept in. Keys are ASCII with forward slashes, such as `builds/1.json`; none is the
 * folder of another. Of two writers of one key the last wins, so a key names its content, belongs to one writer, or is changed
 * by `update` alone.
 */
export interface Store {
  /** For people: the folder or the URL. */
  location: string
  /** Whether reading costs so little that what a build refers to again is compared first. @default false */
  isLocal?: boolean
  /** Undefined where there is nothing under the key. Of a range, what there is of it. */
  get(key: string, range?: Range): Promise<Buffer | undefined>
  /** Writes or replaces, whole or not at all: a reader, meanwhile or after a crash, sees all of the bytes or none. */
  put(key: string, bytes: Uint8Array): Promise<void>
  /**
   * Replaces what is under a key, so that no other process's `update` of it is lost.
   *
   * @param change gives the new bytes for those that are there, or undefined to leave them. It may be called several times,
   *   also on what it gave before, and changes nothing else
   */
  update(key: string, change: (bytes: Buffer | undefined) => Uint8Array | undefined): Promise<void>
  /** Whether `update` holds between processes; a store without conditional writes cannot. @default true */
  isExclusive?(): Promise<boolean>
  /** As `put`, of bytes that come in pieces: nothing is under the key before `commit`. */
  create(key: string): StoreWriter
  has(key: string): Promise<boolean>
  /**
   * As `has`, and what is there counts as written now, or nearly, so that pruning by age spares it.
   *
   * @param least false too where there are fewer bytes: such an object is damaged. @default 0
   */
  touch(key: string, least?: number): Promise<boolean>
  /**
   * Everything below `prefix`, which ends in a slash, ascending by key. What comes and goes meanwhile may be in it.
   *
   * @param after leaves out the keys up to this one, which costs less than to list them
   */
  list(prefix: string, after?: string): AsyncIterable<StoredKey>
  /** What is not there is fine. */
  delete(key: string): Promise<void>
  /** Clears away what killed writers left behind. Absent where they leave nothing. */
  tidy?(): Promise<void>
  /** What `tidy` would clear away, for people; absent where that cannot be listed. */
  abandoned?(): Promise<string[]>
}

/** In bytes. */
export interface Range {
  offset: number
  length: number
}

export interface StoreWriter {
  append(bytes: Uint8Array): Promise<void>
  commit(): Promise<void>
  /** Instead of `commit`. */
  discard(): Promise<void>
}

export interface StoredKey {
  key: string
  modified: Date
}

/** Where a key lies, for people. */
export function placeOf(store: Store, key: string): string {
  return `${store.location}/${key}`
}

/** No key leads out of its store or to what the store keeps for itself, wherever it came from. @throws MapsealError */
export function checkKey(key: string): string {
  if (isKey(key)) return key
  throw new MapsealError('vault', `${JSON.stringify(key.slice(0, 200))} is not a key of a store. Encode its parts.`)
}

/** @throws MapsealError */
export function checkPrefix(prefix: string): string {
  if (prefix.endsWith('/') && isKey(prefix.slice(0, -1))) return prefix
  throw new MapsealError('vault', `${JSON.stringify(prefix.slice(0, 200))} is not a prefix of keys. End it in a slash.`)
}

const SEGMENT = /^[\w%@+=~!$&'(),;-][\w%@+=~!$&'(),;.-]{0,199}$/

/** A folder may hold other people's files too. */
export function isKey(text: string): boolean {
  return text.length <= 800 && text.split('/').every(segment => SEGMENT.test(segment))
}
