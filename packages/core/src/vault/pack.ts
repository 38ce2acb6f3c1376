import { isUtf8 } from 'node:buffer'
import { createHash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { BlobRef, BuildRecord, Bytes, Pack, PackOptions } from '../types.ts'
import { createDeflate, type Deflate, deflateApart } from './deflate.ts'
import { gzipMemberBy } from './gzip-member.ts'
import { packKey } from './pack-key.ts'
import { rangeReader } from './pack-read.ts'
import type { Store, StoreWriter } from './store.ts'
import { hasZstd, zstdMember } from './zstd.ts'

/** A build refers to so many packs at most; with more, it stores everything anew, and the old ones can go. */
const maxPacks = 8

/**
 * A pack: members back to back, one for each of a build's files and maps, so that a build is one file to write and to sync, or
 * one request, for each of its outputs. Where Node has zstd, members are zstd frames: smaller, in two thirds of the time. What
 * a destination sends as it is stored is gzip, so that nothing is compressed twice.
 */
export function createPack(
  store: Store,
  { isApart = false, isGzip = !hasZstd, newest = async () => undefined }: PackOptions = {},
): Pack {
  /** By SHA-256: what this build has stored, or is about to, and what the one before it had. */
  const known = new Map<string, BlobRef | Promise<BlobRef>>()
  let earlier: Promise<Map<string, BlobRef>> | undefined
  const readMember = store.isLocal ? rangeReader(store) : undefined
  let deflate: Deflate | undefined
  let file: { name: string; writer: StoreWriter; size: number } | undefined

  /** After a write that failed, nothing in the pack can be relied on, so nothing more is taken for stored. */
  let failure: { cause: unknown } | undefined

  async function written(work: Promise<void> | undefined): Promise<void> {
    await work?.catch(cause => {
      failure ??= { cause }
    })
    if (failure) throw failure.cause
  }

  async function keep(bytes: Bytes): Promise<BlobRef> {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const blob = known.get(sha256) ?? (await earlierBlob(sha256)) ?? known.get(sha256) ?? append(sha256, bytes)
    known.set(sha256, blob)
    return blob
  }

  async function earlierBlob(sha256: string): Promise<BlobRef | undefined> {
    earlier ??= newest().then(build => blobsOf(build, store))
    const blob = (await earlier).get(sha256)
    return blob && (!readMember || (await isIntact(readMember, blob))) ? blob : undefined
  }

  function gzip(bytes: Bytes): Promise<Buffer> {
    deflate ??= isApart ? deflateApart : createDeflate()
    return gzipMemberBy(deflate, bytes)
  }

  async function append(sha256: string, bytes: Bytes): Promise<BlobRef> {
    const member = await (isGzip ? gzip(bytes) : zstdMember(bytes, isApart))
    file ??= openFile(store)
    const { name, writer, size: offset } = file
    file.size += member.length
    await written(writer.append(member))
    const blob = { sha256, size: bytes.length, pack: name, offset, length: member.length, crc32: crc32(member) }
    return isUtf8(bytes) ? blob : { ...blob, isBinary: true }
  }

  return {
    async put({ code, map }) {
      const [codeBlob, mapBlob] = await Promise.all([keep(code), map && keep(map)])
      return mapBlob ? { code: codeBlob, map: mapBlob } : { code: codeBlob }
    },
    async commit() {
      const { writer } = file ?? {}
      file = undefined
      await written(writer?.commit())
    },
    discard: async () => file?.writer.discard(),
  }
}

/** A disk may have changed bytes since, at the same size. */
async function isIntact(read: ReturnType<typeof rangeReader>, blob: BlobRef): Promise<boolean> {
  const member = await read(blob)
  return member?.length === blob.length && crc32(member) === blob.crc32
}

function openFile(store: Store) {
  const name = `${new Date().toISOString().replace(/[-:.]/g, '')}-${randomBytes(8).toString('hex')}`
  return { name, writer: store.create(packKey(name)), size: 0 }
}

/**
 * What an unchanged file need not be stored again for. Its packs count as written now, so that no other process prunes
 * them. One that is shorter than the record says was truncated: what was in it is stored again.
 */
async function blobsOf(build: BuildRecord | undefined, store: Store): Promise<Map<string, BlobRef>> {
  const blobs = (build ? build.files : []).flatMap(({ code, map }) => (map ? [code, map] : [code]))
  const sizes = new Map<string, number>()
  for (const { pack, offset, length } of blobs) sizes.set(pack, Math.max(sizes.get(pack) ?? 0, offset + length))
  if (sizes.size >= maxPacks) return new Map()
  const isWhole = new Map<string, boolean>()
  for (const [pack, size] of sizes) isWhole.set(pack, await store.touch(packKey(pack), size))
  return new Map(blobs.filter(({ pack }) => isWhole.get(pack)).map(blob => [blob.sha256, blob]))
}
