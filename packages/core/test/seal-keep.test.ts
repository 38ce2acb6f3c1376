import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compile, createProject, type Project, place } from './seal-support.ts'

let project: Project
beforeEach(async () => {
  project = await createProject()
})
afterEach(() => project.remove())

const dataUrl = (map: string) => `data:application/json;base64,${Buffer.from(map).toString('base64')}`

describe('output: keep', () => {
  it('writes an inline map beside its script, hidden', async () => {
    const { code, map } = await compile('a')
    await project.write({ 'dist/a.js': `${code}//# sourceMappingURL=${dataUrl(map)}\n` })
    expect(await project.seal({ output: 'keep' })).toMatchObject({ scripts: 1, decodable: 1 })
    expect(await readdir(join(project.dir, 'dist'))).toEqual(['a.js', 'a.js.map'])
    const sealed = await project.read('dist/a.js')
    expect(sealed).not.toContain('sourceMappingURL')
    expect(place(sealed, await project.bytes('dist/a.js.map'))).toBe('src/a.ts:2:2')
  })

  it('overwrites no other file for it', async () => {
    const { code, map } = await compile('a')
    const other = (await compile('other')).map
    await project.write({ 'dist/a.js': `${code}//# sourceMappingURL=${dataUrl(map)}\n`, 'dist/a.js.map': other })
    await project.seal({ output: 'keep' })
    expect(await project.read('dist/a.js.map')).toBe(other)
    expect(place(await project.read('dist/a.js'), await project.bytes('dist/a.js.inline.map'))).toBe('src/a.ts:2:2')
  })

  it('shifts a map elsewhere in the project where it is, once', async () => {
    const { code, map } = await compile('a')
    await project.write({ 'dist/a.js': `${code}//# sourceMappingURL=../maps/a.js.map\n`, 'maps/a.js.map': map })
    await project.seal({ output: 'keep' })
    const sealed = await project.read('dist/a.js')
    expect(sealed).toContain('//# debugId=')
    expect(place(sealed, await project.bytes('maps/a.js.map'))).toBe('src/a.ts:2:2')
    const before = await project.bytes('maps/a.js.map')
    await project.seal({ output: 'keep' })
    expect([await project.read('dist/a.js'), await project.bytes('maps/a.js.map')]).toEqual([sealed, before])
  })

  it('changes nothing outside the project: that script is left as it is, and said', async () => {
    const { code, map } = await compile('a')
    const outside = join(dirname(project.dir), `${project.dir.split('/').at(-1)}.map`)
    await writeFile(outside, map)
    const script = `${code}//# sourceMappingURL=${outside}\n`
    await project.write({ 'dist/a.js': script })
    const report = await project.seal({ output: 'keep' })
    expect(report.build.files).toMatchObject([{ problem: expect.stringContaining('outside the project') }])
    expect([await project.read('dist/a.js'), await readFile(outside, 'utf8')]).toEqual([script, map])
    await rm(outside)
  })
})
