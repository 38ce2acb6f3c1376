import { DamagedError, reason } from '../../errors.ts'
import type { IndexedBuild } from '../../types.ts'
import { placeOf, type Store } from '../store.ts'
import {
  buildsWith,
  entryBytes,
  fenced,
  readHead,
  readTable,
  readTableKey,
  readWholeHead,
  type Table,
  type TableHead,
  tablePrefix,
} from './table.ts'

/** From so many builds on, a part of the index is large: see `compactIndex`. */
export const largeBuilds = 1024
/** Tables up to this size, in bytes, are held whole; of others the head, and their entries are read in parts. */
const wholeBytes = 256 * 1024
/** Of the head, for a build: more than it takes, so that one request is enough. */
const rowBytes = 256

/** A table as a reader holds it. */
export interface OpenTable {
  key: string
  head: TableHead
  /** The builds that have a key, in no order; undefined where the table is no longer in the store. */
  find(hash: number): Promise<IndexedBuild[] | undefined>
}

/** Undefined where another process has merged it into another meanwhile. */
export async function openTable(store: Store, key: string): Promise<OpenTable | undefined> {
  const { count = 0 } = readTableKey(key) ?? {}
  const length = Math.max(wholeBytes, count * rowBytes)
  const bytes = await store.get(key, { offset: 0, length })
  if (!bytes) return undefined
  if (bytes.length < length) {
    const table = parsed(store, key, () => readTable(key, bytes))
    return tableInMemory(key, table)
  }
  const found = await headOf(store, key, bytes)
  if (!found) return undefined
  const { head, start } = found
  return {
    key,
    head,
    async find(hash) {
      const part = fenced(head, hash)
      const range = { offset: start + part.start * entryBytes, length: (part.end - part.start) * entryBytes }
      const entries = range.length > 0 ? await store.get(key, range) : Buffer.alloc(0)
      return entries && rowsOf(head, buildsWith(entries, hash))
    },
  }
}

/** Undefined as of `openTable`. @throws DamagedError that names it if it is damaged */
export async function loadTable(store: Store, key: string): Promise<Table | undefined> {
  const bytes = await store.get(key)
  return bytes && parsed(store, key, () => readTable(key, bytes))
}

export function tableInMemory(key: string, { entries, ...head }: Table): OpenTable {
  return { key, head, find: async hash => rowsOf(head, buildsWith(entries, hash)) }
}

function rowsOf({ builds }: TableHead, indices: number[]): IndexedBuild[] {
  return indices.map(index => builds[index]).filter(build => build !== undefined)
}

/** @param bytes its first ones */
async function headOf(store: Store, key: string, bytes: Buffer): Promise<ReturnType<typeof readHead>> {
  const found = parsed(store, key, () => readHead(bytes))
  if (found) return found
  // It is as long as its first bytes say.
  const all = await store.get(key, { offset: 0, length: bytes.readUInt32LE() + 4 })
  return all && parsed(store, key, () => readWholeHead(all))
}

function parsed<T>(store: Store, key: string, parse: () => T): T {
  try {
    return parse()
  } catch (cause) {
    const what = `${placeOf(store, key)} cannot be read as a part of the index: ${reason(cause)}.`
    const advice = `Delete ${placeOf(store, tablePrefix)}, which is then made anew from the records.`
    throw new DamagedError('vault', `${what} ${advice}`, { cause })
  }
}
