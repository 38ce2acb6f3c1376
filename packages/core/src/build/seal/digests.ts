import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mapLimit } from '../../concurrency.ts'
import { scriptPattern, stylePattern } from '../scan.ts'
import { type DigestKind, digestOf, digestsIn, kindOf, replaceDigests } from './digest-text.ts'

/** The digests of files that other files of the folder hold, such as pages, manifests and the runtime of a bundler. */
export interface Digests {
  /** All files that may change, those whose digest another holds before it. */
  levels: string[][]
  /** Whether a file holds the digest of another. */
  isHolder(path: string): boolean
  /** Whether another file holds its digest. */
  isPinned(path: string): boolean
  /** A file that holds its digest and is left as it is. */
  heldBy(path: string): string | undefined
  /** The file with the new digests of those that changed before. In a script no position moves. */
  renew(path: string, bytes: Buffer): Buffer
  /** Notes that a file changed. */
  changed(before: Buffer, after: Buffer): void
}

const textual =
  /(?:\.(?:[cm]?js|css|x?html?|json|webmanifest|txt|xml|svg|rsc|body|meta|php|ejs|hbs|toml|ya?ml|conf)|(?:^|\/)[^./]+)$/i

/**
 * Reads all digests in the text files of a folder, and finds the files they are of by their bytes alone. A hex digest that is
 * part of a file's name is that name, which does not change.
 *
 * @param isLeft whether a file is to be left as it is
 */
export async function readDigests(dir: string, files: string[], isLeft: (path: string) => boolean): Promise<Digests> {
  const held = await readHeld(dir, files)
  const digests = new Set([...held.values()].flat())
  const kinds = new Set([...digests].map(kindOf).filter(kind => kind !== undefined))
  const owners = kinds.size > 0 ? await findOwners(dir, files, digests, kinds) : new Map<string, string[]>()
  const pinned = new Map<string, string>()
  for (const [holder, found] of held) {
    for (const path of found.flatMap(digest => owners.get(digest) ?? [])) {
      if (isLeft(holder) || !pinned.has(path)) pinned.set(path, holder)
    }
  }
  const replacements = new Map<string, string>()
  const ownersOf = (holder: string) => (held.get(holder) ?? []).flatMap(digest => owners.get(digest) ?? [])

  return {
    levels: inLevels(files, ownersOf),
    isHolder: path => ownersOf(path).length > 0,
    isPinned: path => pinned.has(path),
    heldBy(path) {
      const holder = pinned.get(path)
      return holder !== undefined && isLeft(holder) ? holder : undefined
    },
    renew(path, bytes) {
      if (replacements.size === 0) return bytes
      const text = bytes.toString('latin1')
      const renewed = replaceDigests(text, replacements, mayMove(path))
      return renewed === text ? bytes : Buffer.from(renewed, 'latin1')
    },
    changed(before, after) {
      for (const kind of kinds) {
        const digest = digestOf(before, kind)
        if (owners.has(digest)) replacements.set(digest, digestOf(after, kind))
      }
    },
  }
}

function mayMove(path: string): boolean {
  return !scriptPattern.test(path) && !stylePattern.test(path)
}

async function readHeld(dir: string, files: string[]): Promise<Map<string, string[]>> {
  const held = new Map<string, string[]>()
  await mapLimit(
    files.filter(path => textual.test(path)),
    4,
    async path => {
      const found = digestsIn((await readFile(join(dir, path))).toString('latin1'), mayMove(path))
      if (found.length > 0) held.set(path, found)
    },
  )
  return held
}

async function findOwners(
  dir: string,
  files: string[],
  digests: Set<string>,
  kinds: Set<DigestKind>,
): Promise<Map<string, string[]>> {
  const owners = new Map<string, string[]>()
  await mapLimit(
    files.filter(path => textual.test(path)),
    4,
    async path => {
      const bytes = await readFile(join(dir, path))
      for (const digest of [...kinds].map(kind => digestOf(bytes, kind))) {
        if (digests.has(digest)) owners.set(digest, [...(owners.get(digest) ?? []), path])
      }
    },
  )
  for (const digest of owners.keys()) {
    if (!digest.includes('-') && files.some(path => path.includes(digest))) owners.delete(digest)
  }
  return owners
}

function inLevels(files: string[], ownersOf: (holder: string) => string[]): string[][] {
  const depths = new Map<string, number>()
  const depthOf = (path: string): number => {
    const known = depths.get(path)
    if (known !== undefined) return known
    depths.set(path, 0) // No file can hold its own digest, by whatever detour.
    const depth = Math.max(0, ...ownersOf(path).map(owner => depthOf(owner) + 1))
    depths.set(path, depth)
    return depth
  }
  const levels: string[][] = []
  for (const path of files) {
    const depth = depthOf(path)
    const level = levels[depth]
    if (level) level.push(path)
    else levels[depth] = [path]
  }
  return levels
}
