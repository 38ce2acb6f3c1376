import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, brotliDecompress, constants } from 'node:zlib'
import { MapsealError, reason } from '../errors.ts'
import type { Artifact, BlobRef, BuildRecord, Bytes, Vault } from '../types.ts'
import { exists, touch, writeAtomically } from './files.ts'
import { prune } from './prune.ts'

const compress = promisify(brotliCompress)
const decompress = promisify(brotliDecompress)

/** Quality 1 packs maps as well as gzip 3 at more than twice its speed. */
const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }

/**
 * A vault in a folder:
 *
 *     blobs/ab/abcdef….br   bytes by their SHA-256, brotli
 *     builds/<id>.json      build records
 *     tmp/                  files being written
 *
 * Every file is written aside, synced and renamed, and blobs never change, so that parallel builds and readers need no
 * lock and a kill leaves nothing half-written.
 */
export function localVault(dir: string): Vault {
  const blobPath = (sha256: string) => join(dir, 'blobs', sha256.slice(0, 2), `${sha256}.br`)

  async function store(bytes: Bytes): Promise<BlobRef> {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const path = blobPath(sha256)
    if (!(await touch(path))) await writeAtomically(dir, path, await compress(bytes, quality))
    return { sha256, size: bytes.length }
  }

  async function read(blob: BlobRef): Promise<Bytes> {
    const path = blobPath(blob.sha256)
    const packed = await readFile(path).catch(cause => {
      throw new MapsealError('vault', `${path} cannot be read: ${reason(cause)}`, { cause })
    })
    const bytes = await decompress(packed, { maxOutputLength: blob.size + 1 }).catch(() => undefined)
    if (!bytes || createHash('sha256').update(bytes).digest('hex') !== blob.sha256) {
      throw new MapsealError('vault', `${path} is damaged. Delete it and build again.`)
    }
    return bytes
  }

  return {
    location: dir,
    read,

    async put(artifact) {
      const [code, map] = await Promise.all([store(artifact.code), artifact.map && store(artifact.map)])
      return map ? { code, map } : { code }
    },

    async record(build) {
      const path = join(dir, 'builds', `${build.id}.json`)
      await writeAtomically(dir, path, `${JSON.stringify(build, null, 1)}\n`)
    },

    async records(onUnreadable) {
      const folder = join(dir, 'builds')
      if (!(await exists(folder))) return []
      const names = (await readdir(folder)).filter(name => name.endsWith('.json')).sort()
      const builds: BuildRecord[] = []
      for (const name of names.reverse()) {
        try {
          builds.push(parseRecord(await readFile(join(folder, name), 'utf8')))
        } catch (cause) {
          onUnreadable?.(join(folder, name), cause)
        }
      }
      return builds
    },

    async *artifacts(build) {
      for (const { path, debugId, code, map } of build.files) {
        const artifact: Artifact = { path, debugId, code: await read(code) }
        yield map ? { ...artifact, map: await read(map) } : artifact
      }
    },

    prune: retain => prune(dir, retain),
  }
}

export function parseRecord(json: string): BuildRecord {
  const build = JSON.parse(json) as Partial<BuildRecord> | null
  if (build?.version !== 1 || typeof build.id !== 'string' || !Array.isArray(build.files) || !build.deliveries) {
    throw new SyntaxError('it is not a build record of version 1')
  }
  return build as BuildRecord
}
