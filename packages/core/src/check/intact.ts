import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compressedPattern, compressionOf } from '../build/compress.ts'
import { pagePattern, scriptPattern, stylePattern } from '../build/scan.ts'
import type { Pin } from '../build/seal/html-pages.ts'
import type { CheckProblem } from './check.ts'

/** What a compressed file holds; undefined where it cannot be read, as zstd before Node 22.15 or what is damaged. */
export async function unpacked(dir: string, path: string): Promise<Buffer | undefined> {
  return compressionOf(path)
    ?.unpack(await readFile(join(dir, path)))
    .catch(() => undefined)
}

/** Compressed copies that are not what the file beside them is: a server sends them in its place. */
export async function checkCopies(dir: string, paths: string[]): Promise<CheckProblem[]> {
  const known = new Set(paths)
  const problems: CheckProblem[] = []
  for (const path of paths.filter(path => compressedPattern.test(path))) {
    const original = path.replace(compressedPattern, '')
    const isServed = [scriptPattern, stylePattern, pagePattern].some(pattern => pattern.test(original))
    if (!known.has(original) || !isServed || !compressionOf(path)) continue
    const copy = await unpacked(dir, path)
    if (copy?.equals(await readFile(join(dir, original)))) continue
    const message = copy ? `is a compressed copy of another ${original}` : 'cannot be decompressed'
    problems.push({ path, invariant: 'intact', message })
  }
  return problems
}

/** Digests that do not fit their file, which a browser or a service worker refuses then. */
export async function checkPins(dir: string, pins: Pin[]): Promise<CheckProblem[]> {
  const problems: CheckProblem[] = []
  for (const { page, path, digests } of pins) {
    const strongest = strongestOf(digests)
    if (strongest.length === 0) continue
    const bytes = await readFile(join(dir, path))
    if (strongest.some(digest => isOf(digest, bytes))) continue
    problems.push({ path: page, invariant: 'intact', message: `holds a digest of ${path} that does not fit it` })
  }
  return problems
}

/** Browsers only use the digests of the strongest algorithm. */
function strongestOf(digests: string[]): string[] {
  const known = digests.filter(digest => /^(?:sha(?:256|384|512)-|[\da-f]{40}$)/.test(digest))
  const strength = (digest: string) => Number(/^sha(\d+)/.exec(digest)?.[1] ?? 1)
  const most = Math.max(...known.map(strength))
  return known.filter(digest => strength(digest) === most)
}

function isOf(digest: string, bytes: Buffer): boolean {
  const [, algorithm, base64] = /^(sha\d+)-(.*)/.exec(digest) ?? []
  const hash = createHash(algorithm ?? 'sha1').update(bytes)
  return algorithm ? hash.digest('base64') === base64 : hash.digest('hex') === digest
}
