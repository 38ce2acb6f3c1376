import { createHash } from 'node:crypto'
import { debugIdsIn } from '../inject/debug-id.ts'
import { align } from '../map/align.ts'
import { bodyOf, rewrittenProblem } from '../map/follow.ts'
import { joinMaps } from '../map/remap.ts'
import { oversizedProblem } from '../map/size.ts'
import type { Artifact, Bytes, FileRecord, ReportedFile } from '../types.ts'
import { type Piece, pieceOf, placePiece } from './pieces.ts'

/** What a file has become, and what to store in place of, or beside, what was sealed. */
export interface Change {
  file: ReportedFile
  artifact?: Artifact
}

/** A page, or a script that was not sealed. */
export interface Holder {
  path: string
  outDir: string
  bytes: Buffer
}

export interface HolderContext {
  /** What the build sealed, by debug ID. */
  known: Map<string, ReportedFile>
  /** What earlier builds of the project recorded under an ID, the newest first. */
  earlier(debugId: string): Promise<FileRecord[]>
  /** In bytes; a larger map is not made. */
  mapLimit: number
  /** Reads the code or the map of a file from the vault. */
  read(blob: FileRecord['code']): Promise<Bytes>
}

/**
 * Settles an equal copy of a script, or a file that inlines scripts. In a page all inline scripts have one URL, so a stack may name
 * any of their IDs: the map of each holds them all, whichever build they are of.
 */
export async function settleHolder(holder: Holder, context: HolderContext): Promise<Change[]> {
  const { bytes, path, outDir } = holder
  const text = bytes.toString()
  const byId = await scriptsIn(text, holder, context)
  const digest = sha256(bytes)
  const copied = byId.size === 1 && [...byId.values()].flat().find(({ code }) => code.sha256 === digest)
  if (copied) return [await copyOf(copied, holder, context)]

  const found = new Map<string, Found>()
  for (const [id, records] of byId) {
    const piece = await findPiece(id, records, text, context.read)
    if (piece) found.set(id, piece)
  }
  const pieces = outermost([...found.values()])
  const size = pieces.reduce((sum, { map }) => sum + map.length, 0)
  const problem = size > context.mapLimit ? oversizedProblem(size, context.mapLimit) : undefined
  const parts = problem ? [] : pieces.map(piece => placePiece(piece, text))
  const settled = [...byId].filter(([id]) => !(context.known.has(id) && isText(id, text, pieces)))
  return settled.map(([id, [first]]) => {
    const { code: _, map: __, ...rest } = found.get(id)?.file ?? (first as FileRecord)
    const file: ReportedFile = { ...rest, path, outDir, fate: 'inlined' }
    if (problem) file.problem = problem
    else if (pieces.length === 0) return unfit(file, bytes)
    else if (!pieces.some(({ place }) => isWithin(text.indexOf(id), place))) file.problem = rewrittenProblem
    const artifact: Artifact = { path, debugId: id, code: bytes }
    if (!problem) artifact.map = joinMaps(parts, id)
    return { file, artifact }
  })
}

/** What another build sealed may not have been looked through for secrets, so it is stored again. */
async function copyOf(
  { code, map, ...rest }: FileRecord,
  { path, outDir, bytes }: Holder,
  { known, read }: HolderContext,
): Promise<Change> {
  const file = { ...rest, path, outDir, fate: 'copied' as const }
  if (known.has(rest.debugId)) return { file: { ...file, code, ...(map && { map }) } }
  const artifact = { path, debugId: rest.debugId, code: bytes, ...(map && { map: await read(map) }) }
  return { file, artifact }
}

/** A file whose code is not ours any more. */
export function unfit(file: ReportedFile, code: Buffer): Change {
  const { path, debugId } = file
  return { file: { ...file, fate: 'rewritten', problem: rewrittenProblem }, artifact: { path, debugId, code } }
}

export function sha256(bytes: Bytes): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** By debug ID, the records of the scripts whose IDs stand in a text; none where an earlier build has settled the same file. */
async function scriptsIn(
  text: string,
  { path, outDir, bytes }: Holder,
  { known, earlier }: HolderContext,
): Promise<Map<string, FileRecord[]>> {
  const ids = debugIdsIn(text)
  const own = ids.flatMap(id => known.get(id) ?? []).filter(isStored)
  const others = ids.filter(id => !known.has(id))
  const found: FileRecord[] = []
  // All snippets name it; other IDs in a file are not worth a look into the vault.
  if (text.includes('_sentryDebugIds')) for (const id of others) found.push(...(await earlier(id)))
  const isSettled = (file: FileRecord) => file.outDir === outDir && file.path === path
  if (own.length === 0 && found.some(file => isSettled(file) && file.code.sha256 === sha256(bytes))) return new Map()
  const byId = new Map(own.map(file => [file.debugId, [file]]))
  for (const file of found) byId.set(file.debugId, [...(byId.get(file.debugId) ?? []), file])
  return byId
}

function isStored(file: ReportedFile): file is FileRecord {
  return file.code !== undefined
}

interface Found extends Piece {
  file: FileRecord
  /** As it was sealed. */
  code: string
}

/** Whether a script of the build is a text in another, as inline workers are: its stacks have a URL of their own. */
function isText(debugId: string, text: string, pieces: Found[]): boolean {
  const outer = pieces.find(({ place }) => isWithin(text.indexOf(debugId), place))
  return outer !== undefined && outer.file.debugId !== debugId && outer.code.includes(debugId)
}

/** In order, without those inside others: a build may have had the output of another as its input. */
function outermost(pieces: Found[]): Found[] {
  const sorted = [...pieces].sort((a, b) => a.place.start - b.place.start || b.place.end - a.place.end)
  return sorted.filter(({ place }, at) => sorted.slice(0, at).every(other => other.place.end <= place.start))
}

async function findPiece(
  debugId: string,
  records: FileRecord[],
  text: string,
  read: HolderContext['read'],
): Promise<Found | undefined> {
  for (const file of records.filter(({ fate }) => fate !== 'rewritten')) {
    const { code, map } = await pieceOf(file, read)
    const place = align(bodyOf(code), text, debugId)
    if (place) return { place, map, file, code }
  }
  return undefined
}

function isWithin(offset: number, { start, end }: Piece['place']): boolean {
  return offset >= start && offset < end
}
