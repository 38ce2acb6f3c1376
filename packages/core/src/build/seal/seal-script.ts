import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { computeDebugId, normalizeDebugId } from '../../inject/debug-id.ts'
import { type Injected, inject } from '../../inject/inject.ts'
import { readTrailingComments } from '../../inject/trailing-comments.ts'
import { editMapOrKeep, readMapId } from '../../map/edit.ts'
import { lastLineOf } from '../../map/last-line.ts'
import { reachBeyond } from '../../map/pairs.ts'
import { rewriteMap } from '../../map/rewrite.ts'
import { digestOf, kindOf } from './digest-text.ts'
import { isBelow, type MapPlace, readMap } from './find-map.ts'
import { withoutObeyedLinks } from './obeyed-links.ts'
import type { Folder } from './seal-folder.ts'
import { isUnmappedByDesign, unmappedByDesign } from './unmapped-by-design.ts'

/** Seals a script, and those that are to be equal to it, which come after it. */
export async function sealScript(folder: Folder, paths: string[]): Promise<void> {
  const { dir, session, options, digests, first } = folder
  const [path] = paths as [string]
  const place = folder.places.get(path) as MapPlace
  const original = await readFile(join(dir, path))
  const found = await foundMap(folder, path, place, original)
  const mapDebugId = found.bytes && readMapId(found.bytes)
  const carriesRelease = paths.some(path => first.has(path))
  // A second run has no map, and leaves the link of the first.
  const { mapUrl } = readTrailingComments(original)
  const link = (id: string) => {
    const url = session.link(path, id)
    return found.bytes || url === mapUrl ? url : undefined
  }
  const seal = () =>
    inject(withoutObeyedLinks(digests.renew(path, original)).code, {
      path,
      snippet: session.snippet(carriesRelease),
      supplement: session.supplement(carriesRelease),
      mapDebugId,
      takeId: id => session.takeId(id, join(dir, path)),
      link,
    })
  const reason = await reasonToLeave(folder, paths, place, original, seal)
  const { code, debugId, insertion } = reason === undefined ? seal() : left(path, original, mapDebugId)

  let map = found.bytes
  let problem = found.problem
  if (map && reason === undefined && !insertion && mapDebugId !== debugId) {
    // A run before this one was stopped after it had written the script: what it kept fits, what is here does not.
    const kept = await session.earlierMap(debugId)
    if (kept) map = Buffer.from(kept)
  }
  if (map) {
    const edited = editMapOrKeep(map, { insertion, debugId })
    map = edited.map
    problem = edited.problem
  }
  if (place.kind === 'none' && isUnmappedByDesign(path, original, folder.copied)) problem = unmappedByDesign
  problem = reason ?? problem
  const kept = map ?? (insertion ? undefined : await session.earlierMap(debugId))
  if (kept && !map) problem = reason
  for (const path of paths) await session.add(dir, { path, debugId, code, ...(kept ? { map: kept } : {}) }, problem)
  if (!code.equals(original)) {
    digests.changed(original, code)
    for (const path of paths) folder.writes.push({ file: join(dir, path), bytes: code })
  }
  for (const path of paths) claimMap(folder, path, options.output === 'keep' && reason === undefined ? map : undefined)
}

/** A map that cannot be rewritten is not valid, which its edit reports. That of other code is of no use. */
async function foundMap(
  { dir, options }: Folder,
  path: string,
  place: MapPlace,
  code: Buffer,
): ReturnType<typeof readMap> {
  const found = await readMap(place)
  const problem = found.bytes && reachBeyond(lastLineOf(found.bytes), code)
  if (problem !== undefined) return { problem }
  if (!found.bytes || !options.rewrite) return found
  const file = place.kind === 'file' ? place.file : join(dir, path)
  return { bytes: await rewriteMap(found.bytes, file).catch(() => found.bytes as Buffer) }
}

function left(path: string, code: Buffer, mapDebugId: string | undefined): Injected<Buffer> {
  const own = normalizeDebugId(readTrailingComments(code).debugId) ?? mapDebugId
  return { code, debugId: own ?? computeDebugId(path, hash => void hash.update(code)) }
}

/** Why a script cannot be changed; undefined where it can. */
async function reasonToLeave(
  { root, options, digests, pins }: Folder,
  paths: string[],
  place: MapPlace,
  original: Buffer,
  seal: () => Injected<Buffer>,
): Promise<string | undefined> {
  const holder = paths.map(digests.heldBy).find(holder => holder !== undefined)
  if (holder !== undefined) return `${holder}, which is left as it is, pins its digest, so it was left too`
  for (const { page, path, digests } of pins) {
    const isOf = (bytes: Buffer) =>
      digests.some(digest => {
        const kind = kindOf(digest)
        return kind !== undefined && digestOf(bytes, kind) === digest
      })
    // One that fits once sealed is from a run that was stopped halfway.
    if (paths.includes(path) && !isOf(original) && !isOf(seal().code))
      return `${page} pins a digest of other bytes, so it was left as it is`
  }
  const isOutside = options.output === 'keep' && place.kind === 'file' && !place.isInside
  if (isOutside && !(await isBelow(root, place.file)))
    return 'its source map is outside the project, where nothing is changed, so it was left as it is'
  return undefined
}

/** @param kept the map as it is to stay beside the script */
function claimMap({ dir, places, sealedMaps, writes }: Folder, path: string, kept: Buffer | undefined): void {
  const place = places.get(path)
  if (place?.kind === 'file' && place.isInside) sealedMaps.add(place.file)
  if (kept && place?.kind === 'file') writes.push({ file: place.file, bytes: kept })
  if (kept && place?.kind === 'inline') writes.push({ file: freeName(join(dir, path)), bytes: kept })
}

function freeName(script: string): string {
  return existsSync(`${script}.map`) ? `${script}.inline.map` : `${script}.map`
}
