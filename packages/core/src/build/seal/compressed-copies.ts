import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { mapLimit } from '../../concurrency.ts'
import type { Logger } from '../../types.ts'
import { type Compression, compressedPattern, compressionOf } from '../compress.ts'
import { pagePattern, scriptPattern, stylePattern } from '../scan.ts'
import { replaceFile } from './replace-file.ts'

/**
 * Compresses anew what stands beside files that were changed: a server would go on to send the old ones. Where a run was
 * stopped between the two, the next one finds the difference.
 *
 * @param written paths of the files that this run changed
 */
export async function renewCompressed(
  dir: string,
  files: string[],
  written: Set<string>,
  logger: Logger,
): Promise<void> {
  const present = new Set(files)
  const removed: string[] = []
  await mapLimit(
    files.filter(path => compressedPattern.test(path)),
    2,
    async copy => {
      const path = copy.replace(compressedPattern, '')
      const mayDiffer = [scriptPattern, stylePattern, pagePattern].some(pattern => pattern.test(path))
      if (!present.has(path) || !(written.has(path) || mayDiffer)) return
      const compression = compressionOf(copy)
      if (compression) return renew(join(dir, copy), await readFile(join(dir, path)), compression)
      if (!written.has(path)) return
      await rm(join(dir, copy), { force: true })
      removed.push(copy)
    },
  )
  if (removed.length === 0) return
  const others = removed.length > 1 ? ` and ${removed.length - 1} more` : ''
  logger.warn(
    `[mapseal] [seal] ${removed.sort()[0]}${others} had the bytes from before sealing and was removed: this Node cannot compress with zstd. Run seal with Node 22.15 or later, or compress after it.`,
  )
}

/** Compresses `bytes` anew where a copy is not of them. */
export async function renew(copy: string, bytes: Buffer, { pack, unpack }: Compression): Promise<void> {
  const before = await unpack(await readFile(copy)).catch(() => undefined)
  if (!before?.equals(bytes)) await replaceFile(copy, await pack(bytes))
}
