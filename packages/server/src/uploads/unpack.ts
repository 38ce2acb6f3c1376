import { createHash } from 'node:crypto'
import { computeDebugId, type FileRecord, type Vault } from '@mapseal/core'
import type { Budget } from './budget.ts'
import type { Bundle } from './bundle.ts'
import { pairFiles } from './pairs.ts'

/** Takes a bundle's files into the vault, a pair at a time. @throws BundleFault */
export async function unpackBundle(bundle: Bundle, vault: Vault, budget: Budget): Promise<FileRecord[]> {
  const files: FileRecord[] = []
  for (const { path, debugId, code, map } of pairFiles(bundle.manifest.files)) {
    const size = (code ? bundle.sizeOf(code.entry) : 0) + (map ? bundle.sizeOf(map.entry) : 0)
    // The bytes, and as much again while they are compressed.
    const file = await budget.spend(2 * size, async () =>
      keepPair(vault, path, debugId, {
        code: code && (await bundle.read(code.entry)),
        map: map && (await bundle.read(map.entry)),
      }),
    )
    files.push(file)
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

interface PairBytes {
  code: Buffer | undefined
  map: Buffer | undefined
}

/** The blobs are in the vault before any record names them, so that nobody reads half an upload. */
export async function keepPair(
  vault: Vault,
  path: string,
  id: string | undefined,
  { code = Buffer.alloc(0), map }: PairBytes,
): Promise<FileRecord> {
  const debugId = id ?? idOf(path, code, map)
  const problem = problemOf(map)
  const refs = await vault.put({ path, debugId, code, ...(map && { map }) })
  return { path, outDir: '', debugId, ...refs, ...(problem && { problem }) }
}

/** Of what was uploaded without one: found by its name, it still needs one that is nobody else's. */
function idOf(path: string, code: Buffer, map: Buffer | undefined): string {
  return computeDebugId(path, hash =>
    hash.update(code).update(
      createHash('sha256')
        .update(map ?? '')
        .digest(),
    ),
  )
}

/** Parsing 30 MB to see whether it is a map would stop everyone else; what is none is said where it is read. */
function problemOf(map: Buffer | undefined): string | undefined {
  if (!map) return 'it has no source map'
  const isObject = /^(?:\)\]\}'[^\n]*\n)?\s*\{/.test(map.toString('latin1', 0, 512))
  const isMap = isObject && (map.includes('"mappings"') || map.includes('"sections"'))
  return isMap ? undefined : 'its source map is no JSON object with mappings'
}
