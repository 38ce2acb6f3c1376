import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { BundleFile } from './collect.ts'
import { type Piece, sizeOf } from './pieces.ts'
import { zipPath } from './url.ts'
import { centralHeader, endOfCentralDirectory, localHeader, type ZipEntry } from './zip.ts'

/** Pieces that follow each other in the bundle and belong together: an entry, or what stands after the last one. */
export interface Part {
  /** Stable from build to build; `''` for the last part. */
  key: string
  pieces: Piece[]
  size: number
}

export interface Bundle {
  /** The UUID of the bundle. */
  id: string
  size: number
  parts: Part[]
}

/** What the manifest has besides its files. */
export interface BundleAttributes {
  org: string
  projects: string[]
  release?: string
  dist?: string
}

/** `SYSB`, then version 2 as u32 little endian; the archive's offsets count from its first byte. */
const bundleHeader = Buffer.from([0x53, 0x59, 0x53, 0x42, 2, 0, 0, 0])

/** The artifact bundle of files that are in the URL's order: header, ZIP entries, manifest, central directory. */
export function layOutBundle(files: BundleFile[], attributes: BundleAttributes): Bundle {
  const id = bundleId(files)
  const names = zipNames(files)
  const parts: Part[] = []
  const directory: Buffer[] = []
  let size = bundleHeader.length

  const place = (entry: ZipEntry, body: Piece): Piece[] => {
    const header = localHeader(entry)
    directory.push(centralHeader(entry, size))
    size += header.length + entry.packedSize
    return [header, body]
  }

  for (const [index, file] of files.entries()) {
    const entry: ZipEntry = { ...file, name: names[index] as string, method: 'deflated' }
    const pieces = place(entry, { offset: file.offset, length: file.packedSize, ends: file.ends })
    parts.push(toPart(file.url, index === 0 ? [bundleHeader, ...pieces] : pieces))
  }
  const manifest = Buffer.from(JSON.stringify(toManifest(id, files, names, attributes)))
  const length = manifest.length
  const last = place(
    { name: 'manifest.json', method: 'stored', crc32: crc32(manifest), size: length, packedSize: length },
    manifest,
  )
  const offset = size
  const central = Buffer.concat(directory)
  const end = endOfCentralDirectory(directory.length, central.length, offset)
  parts.push(toPart('', [...last, central, end]))
  return { id, size: offset + central.length + end.length, parts }
}

function toPart(key: string, pieces: Piece[]): Part {
  return { key, pieces, size: sizeOf(pieces) }
}

/** Two outputs may have a file of the same URL: both stay, found by their debug IDs. */
function zipNames(files: BundleFile[]): string[] {
  const seen = new Map<string, number>()
  return files.map(({ url }) => {
    const path = zipPath(url)
    const count = seen.get(path) ?? 0
    seen.set(path, count + 1)
    return count === 0 ? path : `${path}.${count}`
  })
}

/**
 * Keys in the order of sentry-cli. All but `files` are strings: the strict reader refuses anything else. `projects` is
 * ours, for several: the server remembers the answer to (organization, checksum) for ten minutes, so that the same files
 * for another release or other projects must have another checksum, or they would never be associated.
 */
function toManifest(id: string, files: BundleFile[], names: string[], attributes: BundleAttributes): unknown {
  const { org, projects, release, dist } = attributes
  const entries = files
    .map(({ type, url, headers }, index) => [names[index] as string, { type, url, headers }] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    files: Object.fromEntries(entries),
    debug_id: id,
    ...(dist && { dist }),
    org,
    ...(projects.length === 1 ? { project: projects[0] } : { projects: projects.join(',') }),
    ...(release && { release }),
  }
}

/**
 * The server keeps one bundle per organization and ID, and adds associations to it. So the release is not in it, as in
 * sentry-cli's; theirs digests whole files in the URL's order, which would have to be read twice.
 */
function bundleId(files: BundleFile[]): string {
  const hash = createHash('sha1')
  for (const { url, type, sha1, headers } of files) hash.update(JSON.stringify([url, type, sha1, headers]))
  const bytes = hash.digest().subarray(0, 16)
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
