import { type Alignment, lineStarts, offsetOf, placeAt } from '../map/align.ts'
import { emptyMap } from '../map/empty.ts'
import { minus, type Place } from '../map/place.ts'
import { remapGenerated, sectionsOf } from '../map/remap.ts'
import type { Bytes, FileRecord } from '../types.ts'

/** Code of ours inside another file, and the map that it had before. */
export interface Piece {
  place: Alignment
  map: Buffer
}

/** The script that was sealed under a file's debug ID, with its map: the file's own, or the part of a page that holds it. */
export async function pieceOf(
  { debugId, code, map, fate }: FileRecord,
  read: (blob: FileRecord['code']) => Promise<Bytes>,
): Promise<{ code: string; map: Buffer }> {
  const text = Buffer.from(await read(code)).toString()
  const bytes = map ? Buffer.from(await read(map)) : emptyMap
  if (fate !== 'inlined' || !map) return { code: text, map: bytes }
  const starts = lineStarts(text)
  const sections = sectionsOf(bytes).map(({ offset, map }) => ({ start: offsetOf(starts, offset, text.length), map }))
  const at = text.indexOf(debugId)
  const next = sections.findIndex(({ start }) => start > at)
  const found = sections[(next < 0 ? sections.length : next) - 1]
  return found
    ? { code: text.slice(found.start, sections[next]?.start), map: found.map }
    : { code: text, map: emptyMap }
}

/** Where a piece stands in the text, with its map for that place. */
export function placePiece({ place, map }: Piece, text: string): { start: Place; end: Place; map: Buffer } {
  const starts = lineStarts(text)
  const [start, end] = [placeAt(starts, place.start), placeAt(starts, place.end)]
  const relative = (from: Place) => minus(place.move(from), start)
  const breaks = place.breaks.map(change => ({ ...change, begins: minus(change.begins, start) }))
  return { start, end, map: remapGenerated(map, relative, { breaks }) }
}
