import { createHash } from 'node:crypto'
import * as zlib from 'node:zlib'
import { expect, test } from 'vitest'
import type { BlobRef, BuildRecord } from '../src/types.ts'
import { memberFault } from '../src/vault/member-faults.ts'
import { createVault } from '../src/vault/vault.ts'
import { isZstd } from '../src/vault/zstd.ts'
import { memoryStore } from './memory-store.ts'

/** Packs in zstd, as Node 22.15 and later write them; older ones read them by a decoder in JavaScript. */

const source = 'export const answer = () => 42\n'.repeat(40)
const map = Buffer.from(
  JSON.stringify({ version: 3, sources: ['a.ts'], sourcesContent: [source], names: [], mappings: 'AAAA' }),
)
/** What Node 24.22 packs `map` to. */
const frame = Buffer.from(
  'KLUv/WBTBD0DAFLGFRqAS3NEbr9YsWXfUWqDTSjYn7qAgjfoRDNwIA+nlJKPNXGFsbXYqGXdRvmIQeEM6AKAQ9eQoV+3+kxuW7IGGjne4z4PyrqCZeRYMWmKVBvC8VPRhgs7AgMAKmXBrJuhftm0mQc=',
  'base64',
)
const PACK = '20261121T101500123Z-0123456789abcdef'

const blob = (member: Buffer, size = map.length): BlobRef => ({
  sha256: createHash('sha256').update(map).digest('hex'),
  size,
  pack: PACK,
  offset: 0,
  length: member.length,
  crc32: zlib.crc32(member),
})

async function vaultOf(member: Buffer) {
  const store = memoryStore()
  await store.put(`packs/${PACK}`, member)
  return createVault(store)
}

test('a frame is read, alone and as part of an artifact, and is not handed on as gzip', async () => {
  const vault = await vaultOf(frame)
  expect(await vault.read(blob(frame))).toEqual(map)
  expect(await memberFault(blob(frame), frame, true)).toBeUndefined()
  const file = { path: 'a.js', outDir: '', debugId: 'id', code: blob(frame), map: blob(frame) }
  const build = { id: '1', files: [file] } as unknown as BuildRecord
  for await (const { gzip, ...bytes } of vault.artifacts(build)) {
    expect([gzip, bytes.code, bytes.map]).toEqual([undefined, map, map])
  }
  expect.assertions(3)
})

test.each([
  ['one that unpacks to more than the record says', frame, 100],
  ['one that is cut off', frame.subarray(0, 60), map.length],
  ['one of another frame', Buffer.concat([frame.subarray(0, 20), Buffer.alloc(90, 7)]), map.length],
])('%s is damaged', async (_, member, size) => {
  const vault = await vaultOf(member)
  await expect(vault.read(blob(member, size))).rejects.toThrow('is damaged')
  expect(await memberFault(blob(member, size), member, true)).toBeDefined()
})

test('packs are in zstd where Node has it, unless a destination sends them as gzip', async () => {
  const store = memoryStore()
  const vault = createVault(store)
  for (const isGzip of [undefined, true]) {
    const pack = vault.newPack(isGzip ? { isGzip } : {})
    const { code } = await pack.put({ path: 'a.js', debugId: `${isGzip}`, code: Buffer.from(`a${isGzip}`) })
    await pack.commit()
    expect(await vault.read(code)).toEqual(Buffer.from(`a${isGzip}`))
    const bytes = await store.get(`packs/${code.pack}`)
    expect(bytes && isZstd(bytes)).toBe(!isGzip && 'zstdCompress' in zlib)
  }
})
