import { createHash } from 'node:crypto'
import type { BuildRecord, IndexedBuild } from '../../types.ts'
import { packsOf } from '../pack-key.ts'
import { appOf, hashBytes, keysOf } from './keys.ts'

/**
 * A part of the index, as an object that never changes: builds, and which of them have which key.
 *
 *     4 bytes     length of the head, little-endian
 *     head        JSON: see `TableHead`
 *     12 bytes …  a hash (6) and the builds from (3) to (3) that have it, big-endian; ascending
 *
 * A file that does not change is in many builds of its app in a row, so a range of them is one entry.
 */
export interface Table extends TableHead {
  entries: Buffer
}

export interface TableHead {
  version: 1
  /** By app, and of each the oldest first. */
  builds: IndexedBuild[]
  /** The hash of each 1024th entry, so that a reader fetches only those around the one that it looks for. */
  fence: number[]
}

export const entryBytes = 12
/** Entries from one number of the fence to the next. */
const fenceEvery = 1024
const lengthBytes = 4

export function tableOf(build: BuildRecord): Table {
  const { id, createdAt, release } = build
  const named = release && { name: release.name, ...(release.dist !== undefined && { dist: release.dist }) }
  const row = {
    id,
    createdAt,
    at: Date.now(),
    app: appOf(build),
    packs: packsOf(build),
    ...(named && { release: named }),
  }
  const keys = keysOf(build)
  const entries = Buffer.alloc(keys.length * entryBytes)
  for (const [index, hash] of keys.entries()) writeEntry(entries, index, { hash, from: 0, to: 0 })
  return withFence([row], entries)
}

export interface Entry {
  hash: number
  /** Indices of builds, both included. */
  from: number
  to: number
}

export function readEntry(entries: Buffer, index: number): Entry {
  const at = index * entryBytes
  return {
    hash: entries.readUIntBE(at, hashBytes),
    from: entries.readUIntBE(at + 6, 3),
    to: entries.readUIntBE(at + 9, 3),
  }
}

export function writeEntry(entries: Buffer, index: number, { hash, from, to }: Entry): void {
  const at = index * entryBytes
  entries.writeUIntBE(hash, at, hashBytes)
  entries.writeUIntBE(from, at + 6, 3)
  entries.writeUIntBE(to, at + 9, 3)
}

export function withFence(builds: IndexedBuild[], entries: Buffer): Table {
  const fence: number[] = []
  for (let at = 0; at < entries.length; at += fenceEvery * entryBytes) fence.push(entries.readUIntBE(at, hashBytes))
  return { version: 1, builds, fence, entries }
}

/** The entries that may have a hash, first and behind the last. */
export function fenced({ fence }: Pick<TableHead, 'fence'>, hash: number): { start: number; end: number } {
  const after = lowerBound(fence.length, index => fence[index] as number, hash + 1)
  const before = lowerBound(fence.length, index => fence[index] as number, hash)
  return { start: Math.max(0, before - 1) * fenceEvery, end: after * fenceEvery }
}

/** Indices of the builds with a hash, of entries that hold all of its. */
export function buildsWith(entries: Buffer, hash: number): number[] {
  const count = Math.floor(entries.length / entryBytes)
  const builds: number[] = []
  const first = lowerBound(count, index => entries.readUIntBE(index * entryBytes, hashBytes), hash)
  for (let index = first; index < count; index++) {
    const entry = readEntry(entries, index)
    if (entry.hash !== hash) break
    for (let build = entry.from; build <= entry.to; build++) builds.push(build)
  }
  return builds
}

/** The first index whose value is not below `wanted`. */
function lowerBound(count: number, valueAt: (index: number) => number, wanted: number): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (valueAt(middle) < wanted) low = middle + 1
    else high = middle
  }
  return low
}

export function tableBytes({ entries, ...head }: Table): Buffer {
  const json = Buffer.from(JSON.stringify(head))
  const length = Buffer.alloc(lengthBytes)
  length.writeUInt32LE(json.length)
  return Buffer.concat([length, json, entries])
}

/** @throws SyntaxError if the bytes are not those of the table with this key, or of a version that is not known */
export function readTable(key: string, bytes: Buffer): Table {
  if (!key.endsWith(`~${shortHash(bytes)}`)) fault('its name is not that of its content')
  const { head, start } = readWholeHead(bytes)
  return { ...head, entries: bytes.subarray(start) }
}

/** @throws SyntaxError if the head is longer than these bytes, or as `readHead` */
export function readWholeHead(bytes: Buffer): { head: TableHead; start: number } {
  return readHead(bytes) ?? fault('its head is cut off')
}

/** Undefined if the head is longer than these bytes. @throws SyntaxError */
export function readHead(bytes: Buffer): { head: TableHead; start: number } | undefined {
  if (bytes.length < lengthBytes) return undefined
  const start = lengthBytes + bytes.readUInt32LE()
  if (bytes.length < start) return undefined
  const head = JSON.parse(bytes.toString('utf8', lengthBytes, start)) as Partial<TableHead> | null
  if (head?.version !== 1 || !Array.isArray(head.builds) || !Array.isArray(head.fence))
    fault('it is of another version')
  return { head: head as TableHead, start }
}

function fault(what: string): never {
  throw new SyntaxError(what)
}

/** Named by the number of its builds, by the newest of them, and by what is in it: `index/00000001-<id>~<hash>`. */
export function tableKey({ builds }: Pick<TableHead, 'builds'>, bytes: Buffer): string {
  const newest = newestOf(builds.map(({ id }) => id))
  return `${tablePrefix}${String(builds.length).padStart(8, '0')}-${newest}~${shortHash(bytes)}`
}

function shortHash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16)
}

/** The newest of some IDs; empty if there are none. */
export function newestOf(ids: string[]): string {
  return [...ids].sort().at(-1) ?? ''
}

export const tablePrefix = 'index/'

/** What a table's key says. */
export interface TableName {
  key: string
  /** Builds in it. */
  count: number
  /** The ID of the newest of them. */
  newest: string
}

/** Undefined if it is not a table's. */
export function readTableKey(key: string): TableName | undefined {
  const [, count, newest] = /^index\/(\d{8})-([^/]*)~[\da-f]{16}$/.exec(key) ?? []
  return count !== undefined && newest !== undefined ? { key, count: Number(count), newest } : undefined
}
