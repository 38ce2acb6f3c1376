import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compile, createProject, type Project } from './seal-support.ts'

/** What frameworks write beside the scripts that have source maps. */

let project: Project
beforeEach(async () => {
  project = await createProject()
  const { code, map } = await compile('a')
  await project.write({ 'dist/server/a.js': `${code}//# sourceMappingURL=a.js.map\n`, 'dist/server/a.js.map': map })
})
afterEach(() => project.remove())

const chunk =
  '(self.webpackChunk_N_E=self.webpackChunk_N_E||[]).push([[9,5],{44:()=>{}},_=>{_.O(0,[1],()=>_(_.s=44))}]);'

describe('a folder of Next.js', () => {
  it('has manifests of data that stay as they are', async () => {
    const manifest = 'self.__BUILD_MANIFEST={pages:{}},self.__BUILD_MANIFEST_CB&&self.__BUILD_MANIFEST_CB()'
    await project.write({ 'dist/static/x/_buildManifest.js': manifest })
    expect(await project.seal()).toMatchObject({ scripts: 1, decodable: 1 })
    expect(await project.read('dist/static/x/_buildManifest.js')).toBe(manifest)
  })

  it('has scripts without source maps by design, which are counted and not complained of', async () => {
    await project.write({
      'dist/build-manifest.json': JSON.stringify({ polyfillFiles: ['static/polyfills.js'] }),
      'dist/static/polyfills.js': 'polyfill()',
      'dist/static/route.js': chunk,
      'dist/static/_buildManifest.js': 'self.__BUILD_MANIFEST=function(a){return{pages:[a]}}("/");',
    })
    const report = await project.seal()
    expect(report).toMatchObject({ scripts: 4, decodable: 1 })
    expect(project.lines.filter(line => line.includes('[maps]'))).toEqual([])
    await project.write({ 'dist/other.js': chunk.replace('()=>{}', '()=>{throw 1}') })
    await project.seal()
    expect(project.lines.filter(line => line.includes('[maps]'))).toEqual([
      expect.stringContaining('other.js cannot be decoded'),
    ])
  })

  it('has lists of files to deploy, which lose the source maps', async () => {
    const trace = { version: 1, files: ['../a.js', 'server/a.js', 'server/a.js.map', '../kept.js.map'] }
    await project.write({ 'dist/next.js.nft.json': JSON.stringify(trace), 'dist/other.nft.json': 'not JSON' })
    await project.seal()
    expect(JSON.parse(await project.read('dist/next.js.nft.json'))).toEqual({
      version: 1,
      files: ['../a.js', 'server/a.js', '../kept.js.map'],
    })
    expect(await project.read('dist/other.nft.json')).toBe('not JSON')
  })
})
