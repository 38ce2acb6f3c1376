import { setImmediate as nextTurn } from 'node:timers/promises'
import type { IndexedBuild } from '../../types.ts'
import { hashBytes } from './keys.ts'
import { type Entry, entryBytes, readEntry, type Table, withFence, writeEntry } from './table.ts'

/** Entries that are written before others have a turn. */
const slice = 16_384

/** Tables that are merged in one pass: each entry is looked for in all of them. */
const mostAtOnce = 16

/**
 * One table of several. A build that is in more than one counts as the latest of them says, with the packs of all.
 *
 * @param isKept which builds go into it
 */
export async function mergeTables(tables: Table[], isKept: (build: IndexedBuild) => boolean): Promise<Table> {
  if (tables.length > mostAtOnce) {
    const merged: Table[] = []
    for (let at = 0; at < tables.length; at += mostAtOnce)
      merged.push(await mergeTables(tables.slice(at, at + mostAtOnce), () => true))
    return mergeTables(merged, isKept)
  }
  const builds = inOrder(joinBuilds(tables.flatMap(({ builds }) => builds)).filter(isKept))
  const placeOf = new Map(builds.map(({ id }, index) => [id, index]))
  const sources = tables.map(table => createSource(table, placeOf))
  const chunks: Buffer[] = []
  let chunk = Buffer.alloc(slice * entryBytes)
  let count = 0
  for (;;) {
    const hash = Math.min(...sources.map(({ hash }) => hash()))
    if (hash === Number.POSITIVE_INFINITY) break
    for (const entry of joined(sources.flatMap(source => source.take(hash)))) {
      writeEntry(chunk, count++, entry)
      if (count < slice) continue
      chunks.push(chunk)
      chunk = Buffer.alloc(slice * entryBytes)
      count = 0
      await nextTurn()
    }
  }
  return withFence(builds, Buffer.concat([...chunks, chunk.subarray(0, count * entryBytes)]))
}

/** Each build once, as it was indexed last, with all packs that any of its writers may have named. */
export function joinBuilds(builds: IndexedBuild[]): IndexedBuild[] {
  const byId = new Map<string, IndexedBuild>()
  for (const build of builds) {
    const known = byId.get(build.id)
    if (!known || known === build) byId.set(build.id, build)
    else byId.set(build.id, { ...(known.at > build.at ? known : build), packs: unionOf(known.packs, build.packs) })
  }
  return [...byId.values()]
}

const unionOf = (some: string[], others: string[]) => [...new Set([...some, ...others])]

function inOrder(builds: IndexedBuild[]): IndexedBuild[] {
  return builds.sort((one, other) => compare(one.app, other.app) || compare(one.id, other.id))
}

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0)

/** A table's entries in order, with the builds' places in the new one. */
function createSource({ builds, entries }: Table, placeOf: Map<string, number>) {
  const count = entries.length / entryBytes
  const places = builds.map(({ id }) => placeOf.get(id) ?? -1)
  /** The last of the builds that follow one another in the new table as in this one. */
  const runEnds = new Uint32Array(places.length)
  for (let index = places.length - 1; index >= 0; index--) {
    const isFollowed = (places[index] as number) >= 0 && places[index + 1] === (places[index] as number) + 1
    runEnds[index] = isFollowed ? (runEnds[index + 1] as number) : index
  }
  let at = 0
  const hashAt = () => (at < count ? entries.readUIntBE(at * entryBytes, hashBytes) : Number.POSITIVE_INFINITY)
  return {
    hash: hashAt,
    take(hash: number): Entry[] {
      const taken: Entry[] = []
      for (; hashAt() === hash; at++) {
        const { from, to } = readEntry(entries, at)
        for (let build = from; build <= to; ) {
          const end = Math.min(to, runEnds[build] as number)
          const place = places[build] as number
          if (place >= 0) taken.push({ hash, from: place, to: place + end - build })
          build = end + 1
        }
      }
      return taken
    },
  }
}

/** Ranges that touch or overlap become one. */
function joined(entries: Entry[]): Entry[] {
  if (entries.length < 2) return entries
  const ranges: Entry[] = []
  for (const entry of entries.sort((one, other) => one.from - other.from)) {
    const last = ranges.at(-1)
    if (last && entry.from <= last.to + 1) last.to = Math.max(last.to, entry.to)
    else ranges.push({ ...entry })
  }
  return ranges
}
