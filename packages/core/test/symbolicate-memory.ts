import { createHash } from 'node:crypto'
import { MapsealError } from '../src/errors.ts'
import type { Artifact, BlobRef, BuildRecord, Bytes, Vault } from '../src/types.ts'
import { createStoredIndex } from '../src/vault/index/index.ts'
import { memoryStore } from './memory-store.ts'

/** A vault in memory; `reads` counts how often each blob was read. */
export function memoryVault(): Vault & { reads: Map<string, number>; blobs: Map<string, Bytes> } {
  const blobs = new Map<string, Bytes>()
  const builds = new Map<string, BuildRecord>()
  const reads = new Map<string, number>()
  const index = createStoredIndex(memoryStore())

  function store(bytes: Bytes): BlobRef {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    blobs.set(sha256, bytes)
    return { sha256, size: bytes.length, pack: 'memory', offset: 0, length: bytes.length, crc32: 0 }
  }

  async function read({ sha256 }: BlobRef): Promise<Bytes> {
    const bytes = blobs.get(sha256)
    if (!bytes) throw new MapsealError('vault', `${sha256} is absent. Build again.`)
    reads.set(sha256, (reads.get(sha256) ?? 0) + 1)
    return bytes
  }

  return {
    location: 'memory',
    blobs,
    reads,
    read,
    newPack: () => ({
      put: async ({ code, map }) => ({ code: store(code), ...(map && { map: store(map) }) }),
      commit: async () => {},
      discard: async () => {},
    }),
    async record(build) {
      await index.add(build)
      builds.set(build.id, build)
    },
    index: index.read,
    pending: async () => [],
    async amend(id, change) {
      const amended = change(builds.get(id))
      if (amended) builds.set(id, amended)
      return amended
    },
    claim: async (_, id) => id,
    records: async () => [...builds.values()].sort((a, b) => (a.id < b.id ? 1 : -1)),
    async *artifacts(build) {
      for (const { path, debugId, code, map } of build.files) {
        yield { path, debugId, code: await read(code), ...(map && { map: await read(map) }) }
      }
    },
    find: async id => builds.get(id),
    newest: async () => undefined,
    forget: async () => {},
    prune: async () => [],
  }
}

let builds = 0

/** Adds a build; later calls make newer ones. */
export async function addBuild(
  vault: Vault,
  artifacts: Artifact[],
  { outDir = 'dist', release }: { outDir?: string; release?: string } = {},
): Promise<BuildRecord> {
  const files = await Promise.all(
    artifacts.map(async artifact => ({
      path: artifact.path,
      outDir,
      debugId: artifact.debugId,
      ...(await vault.newPack().put(artifact)),
      ...(!artifact.map && { problem: 'the bundler made no source map' }),
    })),
  )
  const build: BuildRecord = {
    id: `20261121T1015${String(++builds).padStart(8, '0')}Z-0`,
    version: 1,
    createdAt: '2026-11-21T10:15:00.000Z',
    ...(release && { release: { name: release, source: 'option' } }),
    files,
    deliveries: {},
  }
  await vault.record(build)
  return build
}
