import { computeDebugId, type FileRecord, type Pack, type Vault } from '@mapseal/core'
import type { Budget } from '../budget.ts'
import type { Bundle } from './bundle.ts'
import { pairFiles } from './pairs.ts'

/**
 * Puts a bundle's files into the vault as one pack, which is durable before any record names it, so that half an upload is
 * never read. @throws BundleFault
 */
export async function unpackBundle(bundle: Bundle, vault: Vault, budget: Budget): Promise<FileRecord[]> {
  const pack = vault.newPack()
  try {
    const files = await packFiles(bundle, pack, budget)
    await pack.commit()
    return files.sort((a, b) => (a.path < b.path ? -1 : 1))
  } catch (cause) {
    await pack.discard()
    throw cause
  }
}

/** Packs one pair at a time. */
async function packFiles(bundle: Bundle, pack: Pack, budget: Budget): Promise<FileRecord[]> {
  const files: FileRecord[] = []
  for (const { path, debugId, code, map } of pairFiles(bundle.manifest.files)) {
    const size = (code ? bundle.sizeOf(code.entry) : 0) + (map ? bundle.sizeOf(map.entry) : 0)
    // The bytes, and as much again while they are compressed.
    const file = await budget.spend(2 * size, async () =>
      keepPair(pack, path, debugId, {
        code: code && (await bundle.read(code.entry)),
        map: map && (await bundle.read(map.entry)),
      }),
    )
    files.push(file)
  }
  return files
}

interface PairBytes {
  code: Buffer | undefined
  map: Buffer | undefined
}

async function keepPair(
  pack: Pack,
  path: string,
  id: string | undefined,
  { code = Buffer.alloc(0), map }: PairBytes,
): Promise<FileRecord> {
  const refs = await pack.put({ path, debugId: id ?? '', code, ...(map && { map }) })
  return recordOf(path, id, refs, map && faultOf(map))
}

/** @param fault what is wrong with the map */
export function recordOf(
  path: string,
  id: string | undefined,
  refs: Pick<FileRecord, 'code' | 'map'>,
  fault?: string,
): FileRecord {
  const problem = refs.map ? fault : 'it has no source map'
  return { path, outDir: '', debugId: id ?? idOf(path, refs), ...refs, ...(problem && { problem }) }
}

/** A unique debug ID for a file that has none, and is found by its name. */
function idOf(path: string, { code, map }: Pick<FileRecord, 'code' | 'map'>): string {
  return computeDebugId(path, hash => hash.update(code.sha256).update(map?.sha256 ?? ''))
}

/** Checks the text only: parsing 30 MB would block all other requests. Symbolication reports other faults. */
function faultOf(map: Buffer): string | undefined {
  const isObject = /^(?:\)\]\}'[^\n]*\n)?\s*\{/.test(map.toString('latin1', 0, 512))
  const isMap = isObject && (map.includes('"mappings"') || map.includes('"sections"'))
  return isMap ? undefined : 'its source map is not a JSON object with mappings'
}
