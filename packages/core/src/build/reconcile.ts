import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { debugIdsIn } from '../inject/debug-id.ts'
import { emptyMap } from '../map/empty.ts'
import { followChanges } from '../map/follow.ts'
import type { Artifact, OtherScript, ReportedFile } from '../types.ts'
import { compressedEndings, compressionOf } from './compress.ts'
import { type Change, type HolderContext, settleHolder, sha256, unfit } from './holders.ts'
import { pagePattern, scriptPattern } from './scan.ts'
import type { WrittenFiles } from './written-files.ts'

/** An output folder as it is now. */
export interface OutputFolder {
  /** Absolute. */
  dir: string
  /** As records have it. */
  outDir: string
  /** What is in it, by paths below it. */
  names: string[]
}

export interface ReconcileOptions extends Omit<HolderContext, 'known'> {
  folders: OutputFolder[]
  /** What the build sealed into them. */
  files: ReportedFile[]
  /** Which of them are on the disk as they were sealed, so far as that is known. */
  written: WrittenFiles
}

/** What became of the files of a build since they were sealed. What is not in it is as it was. */
export interface Settled {
  changes: Change[]
  /** Those that ship in pages or other scripts alone, or with others in them. What became of them is among the changes. */
  removed: ReportedFile[]
  /** Scripts that contain none of the sealed code. */
  others: OtherScript[]
}

/**
 * Settles what became of each file that a build sealed, by what is in its output folders now. Other plugins may have moved,
 * compressed, inlined, rewritten or deleted it since. What still has the bytes that were sealed is read at most, and no more.
 */
export async function reconcile({ folders, files, written, ...context }: ReconcileOptions): Promise<Settled> {
  const { read } = context
  const known = new Map(files.map(file => [file.debugId, file]))
  const dirs = new Map(folders.map(({ outDir, dir }) => [outDir, dir]))
  const pathOf = ({ outDir, path }: ReportedFile) => join(dirs.get(outDir) as string, path)
  const placed = files.filter(({ outDir }) => dirs.has(outDir))
  const sealed = new Set(placed.map(pathOf))
  const present = new Set(folders.flatMap(({ dir, names }) => names.map(name => join(dir, name))))
  const changes: Change[] = []
  const missing = placed.filter(file => !present.has(pathOf(file)))
  const merged: ReportedFile[] = []
  for (const file of placed.filter(file => present.has(pathOf(file)))) {
    if (written.has(pathOf(file))) continue
    const bytes = readFileSync(pathOf(file))
    if (!file.code || sha256(bytes) === file.code.sha256) continue
    if (await isMerged(file, bytes, { known, read })) merged.push(file)
    else changes.push(await settleChanged(file, bytes, read))
  }
  for (const file of merged) sealed.delete(pathOf(file))

  // A script that was not sealed may hold one that was, even if that one is also at its own path: a user script with its header.
  const elsewhere = new Set<string>()
  const others: OtherScript[] = []
  for (const { path, outDir, file } of holdersIn(folders, sealed)) {
    const bytes = readFileSync(file)
    const found = await settleHolder({ path, outDir, bytes }, { known, ...context })
    if (found.length === 0 && scriptPattern.test(path)) others.push({ path, outDir, sha256: sha256(bytes) })
    for (const { file } of found) elsewhere.add(file.debugId)
    changes.push(...found)
  }
  for (const file of missing.filter(({ debugId }) => !elsewhere.has(debugId)))
    changes.push(await settleMissing(file, pathOf(file), present, read))
  return { changes, removed: [...merged, ...missing.filter(({ debugId }) => elsewhere.has(debugId))], others }
}

/** Whether another tool put other scripts of the build into this one. An inline worker was in it when it was sealed. */
async function isMerged(
  { debugId, path, code }: ReportedFile,
  bytes: Buffer,
  { known, read }: Pick<HolderContext, 'known' | 'read'>,
): Promise<boolean> {
  if (!code || !scriptPattern.test(path)) return false
  const others = debugIdsIn(bytes.toString()).filter(id => id !== debugId && known.has(id))
  if (others.length === 0) return false
  const before = Buffer.from(await read(code)).toString()
  return others.some(id => !before.includes(id))
}

/** Pages, and scripts that were not sealed; one folder may lie in another. */
function holdersIn(folders: OutputFolder[], sealed: Set<string>): { path: string; outDir: string; file: string }[] {
  const found = new Map<string, { path: string; outDir: string; file: string }>()
  for (const { dir, outDir, names } of folders) {
    for (const path of names.filter(name => pagePattern.test(name) || scriptPattern.test(name))) {
      const file = join(dir, path)
      if (!sealed.has(file) && !found.has(file)) found.set(file, { path, outDir, file })
    }
  }
  return [...found.values()]
}

/** A file at its own path with other bytes than ours. */
async function settleChanged(file: ReportedFile, bytes: Buffer, read: HolderContext['read']): Promise<Change> {
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

/**
 * A file whose compressed copy may be all that ships of it, as it was sealed or as other plugins made it before they compressed
 * it. A copy that cannot be read here, such as zstd before Node 22.15, counts as sealed.
 */
async function settleMissing(
  file: ReportedFile,
  path: string,
  present: Set<string>,
  read: HolderContext['read'],
): Promise<Change> {
  const { code, debugId } = file
  for (const ending of compressedEndings.filter(ending => present.has(path + ending))) {
    const compression = compressionOf(ending)
    if (!compression || !code) return { file: { ...file, fate: 'compressed' } }
    const bytes = await compression.unpack(readFileSync(path + ending)).catch(() => undefined)
    if (!bytes?.includes(debugId)) continue
    if (sha256(bytes) === code.sha256) return { file: { ...file, fate: 'compressed' } }
    const change = await settleChanged(file, Buffer.from(bytes), read)
    return { ...change, file: { ...change.file, fate: 'compressed' } }
  }
  return { file: { ...file, fate: 'gone' } }
}
