import { createHash } from 'node:crypto'
import { MapsealError } from '@mapseal/core'
import type { BundleFile } from './collect.ts'
import { zipLimits } from './zip.ts'

/** Room for an entry's two headers and its lines in the manifest, in bytes. */
const perFile = 1024

/**
 * One bundle, unless the server's or ZIP's limits (no client writes ZIP64 well) need more. Then a file's bundle depends on
 * its URL alone, so that a change elsewhere does not move it; a script and its map stay together.
 *
 * @param maxFileSize of a bundle, in bytes; 0 where the server names none
 */
export function splitFiles(files: BundleFile[], maxFileSize: number): BundleFile[][] {
  const maxBytes = Math.min(maxFileSize || Number.POSITIVE_INFINITY, zipLimits.bytes)
  const size = (some: BundleFile[]) => some.reduce((sum, file) => sum + file.packedSize + perFile, 0)
  const fits = (some: BundleFile[]) => some.length < zipLimits.entries && size(some) <= maxBytes
  for (let count = 1; count <= 4096; count *= 2) {
    const groups: BundleFile[][] = Array.from({ length: count }, () => [])
    for (const file of files) groups[groupOf(file.url, count)]?.push(file)
    if (groups.every(fits)) return groups.filter(group => group.length > 0)
  }
  const largest = files.reduce((a, b) => (a.packedSize > b.packedSize ? a : b))
  throw new MapsealError(
    'sentry',
    `${largest.url} has ${largest.packedSize} bytes, more than the server takes (${maxBytes}). Raise its limit, or split the file.`,
  )
}

function groupOf(url: string, count: number): number {
  return (
    createHash('sha1')
      .update(url.replace(/\.map$/, ''))
      .digest()
      .readUInt32LE(0) % count
  )
}
