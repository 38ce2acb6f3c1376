import { SourceMapGenerator } from 'source-map'
import * as vite8 from 'vite'
import { describe, expect, test } from 'vitest'
// @ts-expect-error: it has no types.
import { BundleAnalyzerPlugin } from 'webpack-bundle-analyzer'
import { mapseal } from '../support/command.ts'
import { type Built, buildEsbuild, buildRollup, buildVite, buildWebpack, place } from './cases.ts'

/** A package or a plugin has put a source map into the code of a script: it is as public as the script. */

const map = new SourceMapGenerator({ file: 'theme.css' })
map.addMapping({ source: 'theme.scss', original: { line: 1, column: 0 }, generated: { line: 1, column: 0 } })
map.setSourceContent('theme.scss', '// secret\na { color: red }')
const url = `data:application/json;base64,${Buffer.from(map.toString()).toString('base64')}`
const packages = {
  'of a style sheet in a string': `export const shared = () => ${JSON.stringify(`a{color:red}\n/*# sourceMappingURL=${url} */`)}`,
  'as an object': `export const shared = () => [1, 'a{color:red}', '', ${map.toString()}]`,
}
const css = { module: { rules: [{ test: /\.css$/, type: 'asset/resource' }] } }
const hosts: Record<string, (dir: string) => Promise<Built>> = {
  esbuild: dir => buildEsbuild(dir, ours => ours),
  webpack: dir => buildWebpack(dir, ours => ours, css),
  Rollup: dir => buildRollup('rollup', dir, ours => ours),
  Vite: dir => buildVite(vite8, dir, ours => ours),
}

describe.each(Object.entries(packages))('%s', (_, code) => {
  test.each(Object.entries(hosts))('%s: the build reports it, and so does check', async (_, build) => {
    const built = await build(await place({ 'src/shared.js': code }))
    expect(built.failure?.message).toContain('still reveals source (inline map)')
    const [leak, ...others] = built.report?.leaks ?? []
    expect(others).toEqual([])
    const { stdout, code: exit } = await mapseal(['check', built.outDir], { cwd: built.dir })
    expect(exit).toBe(1)
    expect(stdout).toContain(leak?.path)
  })

  test('it may be public where the option allows it', async () => {
    const built = await buildRollup('rollup', await place({ 'src/shared.js': code }), ours => ours, {
      allow: ['shared.js'],
    })
    expect(built.failure).toBeUndefined()
    expect(built.report?.leaks).toEqual([])
  })
})

test('code that makes source maps holds none', async () => {
  const code = `export const shared = (file, content) => ({ version: 3, sources: [file], sourcesContent: [content], mappings: '' })
export const comment = json => '//# sourceMappingURL=data:application/json;base64,' + btoa(json)`
  const built = await buildRollup('rollup', await place({ 'src/shared.js': code }), ours => ours)
  expect(built.report?.leaks).toEqual([])
})

test('a report whose page has style sheets of its own with maps is the report’s', async () => {
  const report = new BundleAnalyzerPlugin({ analyzerMode: 'static', openAnalyzer: false, logLevel: 'silent' })
  const built = await buildWebpack(await place(), ours => [report as never, ...ours], css)
  expect(built.files['report.html']).toContain('sourcesContent')
  expect(built.failure).toBeUndefined()
  expect(built.report?.leaks).toEqual([])
})
