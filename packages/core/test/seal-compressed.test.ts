import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as zlib from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compile, createProject, type Project } from './seal-support.ts'

const zstd = zlib as unknown as Partial<Record<'zstdCompressSync' | 'zstdDecompressSync', (bytes: Buffer) => Buffer>>
/** A frame of the bytes "zstd" as they are, for a Node that cannot make one. */
const frame = Buffer.from('28b52ffd200421000 07a737464'.replace(' ', ''), 'hex')

let project: Project
beforeEach(async () => {
  project = await createProject()
})
afterEach(() => project.remove())

async function build(): Promise<{ old: Buffer; page: Buffer }> {
  const { code, map } = await compile('a')
  const old = Buffer.from(`${code}//# sourceMappingURL=a.js.map\n`)
  const page = Buffer.from('<script src="a.js"></script>')
  await project.write({
    'dist/a.js': old,
    'dist/a.js.map': map,
    'dist/a.js.map.gz': zlib.gzipSync(map),
    'dist/a.js.gz': zlib.gzipSync(old, { level: 6 }),
    'dist/a.js.br': zlib.brotliCompressSync(old),
    'dist/index.html': page,
    'dist/index.html.gz': zlib.gzipSync(page),
  })
  return { old, page }
}

describe('compressed copies beside a script', () => {
  it('are renewed by their own method, as small as it can', async () => {
    await build()
    const before = await project.bytes('dist/index.html.gz')
    await project.seal()
    const sealed = await project.bytes('dist/a.js')
    const [gz, br] = [await project.bytes('dist/a.js.gz'), await project.bytes('dist/a.js.br')]
    expect(zlib.gunzipSync(gz)).toEqual(sealed)
    expect(gz.length).toBeLessThanOrEqual(zlib.gzipSync(sealed, { level: 9 }).length)
    expect(zlib.brotliDecompressSync(br)).toEqual(sealed)
    expect(br.length).toBeLessThanOrEqual(zlib.brotliCompressSync(sealed).length)
    expect(existsSync(join(project.dir, 'dist/a.js.map.gz'))).toBe(false)
    expect(await project.bytes('dist/index.html.gz')).toEqual(before)
    await project.seal()
    expect(await project.bytes('dist/a.js.gz')).toEqual(gz)
  })

  it('are renewed by the next run where one was stopped before them', async () => {
    const { old } = await build()
    await project.seal()
    await project.write({ 'dist/a.js.gz': zlib.gzipSync(old) })
    await project.seal()
    expect(zlib.gunzipSync(await project.bytes('dist/a.js.gz'))).toEqual(await project.bytes('dist/a.js'))
  })

  it('of zstd are renewed where Node can, else removed, which is said', async () => {
    const { old } = await build()
    await project.write({ 'dist/a.js.zst': zstd.zstdCompressSync?.(old) ?? frame })
    await project.seal()
    if (zstd.zstdDecompressSync) {
      expect(zstd.zstdDecompressSync(await project.bytes('dist/a.js.zst'))).toEqual(await project.bytes('dist/a.js'))
    } else {
      expect(existsSync(join(project.dir, 'dist/a.js.zst'))).toBe(false)
      expect(project.lines).toContainEqual(expect.stringContaining('a.js.zst had the bytes from before sealing'))
    }
  })
})
