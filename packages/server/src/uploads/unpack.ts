import { type BlobRef, computeDebugId, type FileRecord, type Vault } from '@mapseal/core'
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
async function keepPair(
  vault: Vault,
  path: string,
  id: string | undefined,
  { code = Buffer.alloc(0), map }: PairBytes,
): Promise<FileRecord> {
  const refs = await vault.put({ path, debugId: id ?? '', code, ...(map && { map }) })
  return recordOf(path, id, refs, map && faultOf(map))
}

/** @param fault of the map */
export function recordOf(
  path: string,
  id: string | undefined,
  refs: Pick<FileRecord, 'code' | 'map'>,
  fault?: string,
): FileRecord {
  const problem = refs.map ? fault : 'it has no source map'
  return { path, outDir: '', debugId: id ?? idOf(path, refs), ...refs, ...(problem && { problem }) }
}

/** Stands for the script of a map that came alone. */
export async function emptyCode(vault: Vault, path: string): Promise<BlobRef> {
  return (await vault.put({ path, debugId: '', code: Buffer.alloc(0) })).code
}

/** Of what was uploaded without one: found by its name, it still needs one that is nobody else's. */
function idOf(path: string, { code, map }: Pick<FileRecord, 'code' | 'map'>): string {
  return computeDebugId(path, hash => hash.update(code.sha256).update(map?.sha256 ?? ''))
}

/** Parsing 30 MB to see whether it is a map would stop everyone else; what is none is said where it is read. */
function faultOf(map: Buffer): string | undefined {
  const isObject = /^(?:\)\]\}'[^\n]*\n)?\s*\{/.test(map.toString('latin1', 0, 512))
  const isMap = isObject && (map.includes('"mappings"') || map.includes('"sections"'))
  return isMap ? undefined : 'its source map is no JSON object with mappings'
}
