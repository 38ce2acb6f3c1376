import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { computeDebugId } from '../../inject/debug-id.ts'
import { readCssTrailingComment, readTrailingComments } from '../../inject/trailing-comments.ts'
import { declarationPattern } from '../../map/declaration.ts'
import { isInlineMap } from '../../map/inline.ts'
import { readMapShape } from '../../map/shape.ts'
import { scriptPattern, stylePattern } from '../scan.ts'
import { findMap, readMap } from './find-map.ts'
import type { Folder } from './seal-folder.ts'

/** A style sheet's map may have any name, as Next's do: only the comment leads to it. */
export async function sealStyle(folder: Folder, path: string): Promise<void> {
  const original = await readFile(join(folder.dir, path))
  const { mapUrl } = readCssTrailingComment(original)
  const isPinned = folder.digests.heldBy(path) !== undefined
  if (mapUrl !== undefined && !isPinned) {
    const place = await findMap(folder.dir, path, mapUrl)
    const file = place.kind === 'file' && place.isInside ? place.file : undefined
    await sealOther(folder, path, original, { ...(await readMap(place)), file })
    return
  }
  const code = folder.digests.renew(path, original)
  const sealed = isPinned ? code : withoutInlineMaps(code)
  if (!sealed.equals(original)) change(folder, path, original, sealed)
}

const inlineComment = /\/\*[#@]\s*sourceMappingURL=(data:[^\s'"]+?)\s*\*\//g

/** Style sheets that were put into one leave the maps of each amid the rules. */
function withoutInlineMaps(css: Buffer): Buffer {
  if (!css.includes('sourceMappingURL=data:')) return css
  const text = css.toString('latin1')
  const left = text.replace(inlineComment, (comment, url) => (isInlineMap(url) ? '' : comment))
  return Buffer.from(left, 'latin1')
}

/** A map that no script or style sheet led to: of types, or of a file that is gone. */
export async function sealNamesake(folder: Folder, path: string): Promise<void> {
  const owner = path.replace(/\.map$/, '')
  const file = join(folder.dir, path)
  // A script has a map of its own by now, or this one does not fit it.
  const isAlone = owner === path || scriptPattern.test(owner)
  const code = isAlone ? undefined : await readFile(join(folder.dir, owner)).catch(() => undefined)
  // A zero byte is of machine code or of bytecode, such as Hermes's, whose frames are not of lines.
  if (code && !stylePattern.test(owner) && !declarationPattern.test(owner) && !code.subarray(0, 512).includes(0))
    folder.options.logger.warn(
      `[mapseal] [seal] ${owner} has a source map, but frames in it cannot be decoded: only .js, .mjs and .cjs files are sealed as scripts.`,
    )
  const found = { bytes: await readFile(file), file }
  await (code ? sealOther(folder, owner, code, found) : sealOther(folder, path, Buffer.alloc(0), found))
}

/** A file that is not a script loses the comment that leads to its map. */
async function sealOther(
  folder: Folder,
  path: string,
  original: Buffer,
  found: { bytes?: Buffer; file?: string | undefined },
): Promise<void> {
  if (found.bytes && !readMapShape(found.bytes, true)) return // Some other kind of file; the scan still reports it.
  const renewed = folder.digests.renew(path, original)
  const text = renewed.toString('latin1')
  const isStyle = stylePattern.test(path)
  const comments = isStyle ? readCssTrailingComment(text) : readTrailingComments(text)
  const code = comments.mapUrl === undefined ? renewed : Buffer.from(`${text.slice(0, comments.bodyEnd)}\n`, 'latin1')
  const sealed = isStyle ? withoutInlineMaps(code) : code
  const debugId = computeDebugId(path, hash => void hash.update(sealed))
  // What is neither script nor style sheet is not recorded as one: its map is kept as that of a file that is gone.
  const kept = isStyle ? { path, code: sealed } : { path: path.replace(/(?:\.map)?$/, '.map'), code: Buffer.alloc(0) }
  if (found.bytes && (isStyle || folder.options.output === 'sealed'))
    await folder.session.add(folder.dir, { ...kept, debugId, map: found.bytes })
  if (!sealed.equals(original)) change(folder, path, original, sealed)
  if (found.file) folder.sealedMaps.add(found.file)
}

function change({ dir, digests, writes }: Folder, path: string, before: Buffer, after: Buffer): void {
  // An empty file stands for one that is gone.
  if (before.length === 0) return
  digests.changed(before, after)
  writes.push({ file: join(dir, path), bytes: after })
}
