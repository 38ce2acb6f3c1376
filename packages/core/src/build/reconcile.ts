import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Alignment, align, lineStarts, placeAt } from '../map/align.ts'
import { emptyMap } from '../map/empty.ts'
import { bodyOf, followChanges, rewrittenProblem } from '../map/follow.ts'
import { minus, type Place } from '../map/place.ts'
import { joinMaps, remapGenerated } from '../map/remap.ts'
import { oversizedProblem } from '../map/size.ts'
import type { Artifact, Bytes, FileRecord, OtherScript, ReportedFile } from '../types.ts'
import { compressionOf } from './compress.ts'
import { pagePattern, scriptPattern } from './scan.ts'

export interface ReconcileOptions {
  outDir: string
  /** What is in the folder now, by paths below it. */
  names: string[]
  /** What the build sealed into the folder. */
  files: ReportedFile[]
  /** In bytes; a larger map is not made. */
  mapLimit: number
  /** Reads the code or the map of a file from the vault. */
  read(blob: FileRecord['code']): Promise<Bytes>
}

/** What became of the files of a folder since they were sealed. What is not in it is as it was. */
export interface Settled {
  changes: Change[]
  /** Those that ship in pages or other scripts alone, which are among the changes. */
  removed: ReportedFile[]
  /** Scripts that contain none of the sealed code. */
  others: Pick<OtherScript, 'path' | 'sha256'>[]
}

interface Change {
  file: ReportedFile
  /** To be stored in place of, or beside, what was sealed. */
  artifact?: Artifact
}

/** Code of ours inside another file. */
interface Found {
  file: FileRecord
  place: Alignment
}

/**
 * Settles what became of each file that a build sealed into a folder, by what is there now. Other plugins may have moved,
 * compressed, inlined, rewritten or deleted it since. What still has the bytes that were sealed is read, and no more.
 */
export async function reconcile({ outDir, names, files, mapLimit, read }: ReconcileOptions): Promise<Settled> {
  const byPath = new Map(files.map(file => [file.path, file]))
  const present = new Set(names)
  const bytesOf = (name: string) => readFileSync(join(outDir, name))
  const isAsSealed = ({ path, code }: ReportedFile) => !code || sha256(bytesOf(path)) === code.sha256
  const changes: Change[] = []
  const changed = files.filter(file => present.has(file.path) && !isAsSealed(file))
  const missing = files.filter(file => !present.has(file.path))
  for (const file of changed) changes.push(await settleChanged(file, bytesOf(file.path), read))

  const known = new Map(files.map(file => [file.debugId, file]))
  // A script that was not sealed may hold one that was, even if that one is also at its own path: a user script with its header.
  const isLooked = (name: string) => pagePattern.test(name) || scriptPattern.test(name)
  const elsewhere = new Set<string>()
  const others: Settled['others'] = []
  for (const name of names.filter(name => isLooked(name) && !byPath.has(name))) {
    const bytes = bytesOf(name)
    const found = await settleHolder(name, bytes, known, { mapLimit, read })
    if (found.length === 0 && scriptPattern.test(name)) others.push({ path: name, sha256: sha256(bytes) })
    for (const { file } of found) elsewhere.add(file.debugId)
    changes.push(...found)
  }
  for (const file of missing.filter(({ debugId }) => !elsewhere.has(debugId))) {
    changes.push(await settleMissing(file, present, bytesOf, read))
  }
  return { changes, removed: missing.filter(({ debugId }) => elsewhere.has(debugId)), others }
}

/** A file at its own path with other bytes than ours. */
async function settleChanged(file: ReportedFile, bytes: Buffer, read: ReconcileOptions['read']): Promise<Change> {
  const text = bytes.toString()
  const { code, map, ...rest } = file
  if (!code) return { file }
  if (!text.includes(file.debugId)) return unfit(rest, bytes)
  const before = (await read(code)).toString()
  const sealedMap = map ? Buffer.from(await read(map)) : emptyMap
  const followed = followChanges(sealedMap, before, text, file.debugId)
  if (!followed.map) return unfit(rest, bytes)
  const artifact: Artifact = { path: file.path, debugId: file.debugId, code: bytes }
  if (map) artifact.map = followed.map
  return { file: { ...rest, fate: 'shifted' }, artifact }
}

/** Settles a page, or a script that was not sealed: an equal copy of a script, or a file that inlines scripts. */
async function settleHolder(
  name: string,
  bytes: Buffer,
  known: Map<string, ReportedFile>,
  { mapLimit, read }: Pick<ReconcileOptions, 'mapLimit' | 'read'>,
): Promise<Change[]> {
  const text = bytes.toString()
  const files = [...new Set(text.match(uuid))].flatMap(id => known.get(id) ?? []).filter(isStored)
  const copy = files.length === 1 ? (files[0] as FileRecord) : undefined
  if (copy && sha256(bytes) === copy.code.sha256) return [{ file: { ...copy, path: name, fate: 'copied' } }]
  const found: Found[] = []
  for (const file of files) {
    const place = align(bodyOf((await read(file.code)).toString()), text, file.debugId)
    if (place) found.push({ file, place })
    else return files.map(({ code, map, ...rest }) => unfit({ ...rest, path: name }, bytes))
  }
  // The map of each ID holds them all.
  const size = found.reduce((sum, { file }) => sum + (file.map?.size ?? 0), 0)
  if (size > mapLimit) return found.map(({ file }) => oversized(file, name, bytes, oversizedProblem(size, mapLimit)))
  const parts = await Promise.all(found.map(part => partOf(part, text, read)))
  parts.sort((a, b) => a.start.line - b.start.line || a.start.column - b.start.column)
  // In a page all inline scripts have one URL, so a stack may name any of their IDs.
  return found.map(({ file: { code, map, ...rest } }) => {
    const { debugId } = rest
    const artifact = { path: name, debugId, code: bytes, map: joinMaps(parts, debugId) }
    return { file: { ...rest, path: name, fate: 'inlined' as const }, artifact }
  })
}

const uuid = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g

function isStored(file: ReportedFile): file is FileRecord {
  return file.code !== undefined
}

function unfit(file: ReportedFile, code: Buffer): Change {
  const { path, debugId } = file
  return { file: { ...file, fate: 'rewritten', problem: rewrittenProblem }, artifact: { path, debugId, code } }
}

function oversized({ code: _, map: __, ...rest }: FileRecord, path: string, code: Buffer, problem: string): Change {
  return { file: { ...rest, path, fate: 'inlined', problem }, artifact: { path, debugId: rest.debugId, code } }
}

async function partOf(
  { file, place }: Found,
  text: string,
  read: ReconcileOptions['read'],
): Promise<{ start: Place; end: Place; map: Buffer }> {
  const starts = lineStarts(text)
  const [start, end] = [placeAt(starts, place.start), placeAt(starts, place.end)]
  const map = file.map ? Buffer.from(await read(file.map)) : emptyMap
  const relative = (from: Place) => minus(place.move(from), start)
  const breaks = place.breaks.map(change => ({ ...change, begins: minus(change.begins, start) }))
  return { start, end, map: remapGenerated(map, relative, { breaks }) }
}

/**
 * A file whose compressed copy may be all that ships of it, as it was sealed or as other plugins made it before they compressed
 * it. A copy that cannot be read here, such as zstd before Node 22.15, counts as sealed.
 */
async function settleMissing(
  file: ReportedFile,
  present: Set<string>,
  bytesOf: (name: string) => Buffer,
  read: ReconcileOptions['read'],
): Promise<Change> {
  const { path, code, debugId } = file
  for (const ending of ['.gz', '.br', '.zst'].filter(ending => present.has(path + ending))) {
    const compression = compressionOf(ending)
    if (!compression || !code) return { file: { ...file, fate: 'compressed' } }
    const bytes = await compression.unpack(bytesOf(path + ending)).catch(() => undefined)
    if (!bytes?.includes(debugId)) continue
    if (sha256(bytes) === code.sha256) return { file: { ...file, fate: 'compressed' } }
    const change = await settleChanged(file, Buffer.from(bytes), read)
    return { ...change, file: { ...change.file, fate: 'compressed' } }
  }
  return { file: { ...file, fate: 'gone' } }
}

function sha256(bytes: Bytes): string {
  return createHash('sha256').update(bytes).digest('hex')
}
