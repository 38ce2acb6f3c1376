import { readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { openVault, type Report } from '@mapseal/core'
import { expect, test } from 'vitest'
import { runNode } from '../support/command.ts'
import { type Built, originalOf, place } from './cases.ts'

/** tsup writes what esbuild made when esbuild's plugins are done, and may have other tools rewrite it before. */

const modules = join(import.meta.dirname, '../../node_modules')
const both = ['lazy.cjs', 'lazy.js']

/** Builds in a process of its own, as the report comes when that has nothing left to do. */
async function tsup(settings: object): Promise<{ report: Report; originals: string[] }> {
  const config = `
    import mapseal from 'mapseal/esbuild'
    const options = { vault: 'vault', release: '1.2.3', onError: 'fail', report: 'report.json' }
    const format = ['esm', 'cjs']
    export default { entry: ['src/lazy.js'], format, ...${JSON.stringify(settings)}, esbuildPlugins: [mapseal(options)] }`
  const dir = await place({ 'tsup.config.mjs': config })
  await symlink(modules, join(dir, 'node_modules'))
  const tsx = pathToFileURL(join(modules, 'tsx/dist/loader.mjs')).href
  const cli = join(modules, 'tsup/dist/cli-default.js')
  const args = ['-C', 'mapseal-source', '--import', tsx, cli]
  const { code, stderr } = await runNode(args, { cwd: dir })
  expect(code, stderr).toBe(0)
  const read = (path: string) => readFile(join(dir, path), 'utf8')
  const built = {
    dir,
    records: await openVault('vault', dir).records(),
    files: Object.fromEntries(await Promise.all(both.map(async path => [path, await read(`dist/${path}`)]))),
  }
  expect(built.records).toHaveLength(1)
  return {
    report: JSON.parse(await read('report.json')),
    originals: await Promise.all(both.map(path => originalOf(built as unknown as Built, path, 'TypeError'))),
  }
}

test('files that tsup writes as they are decode, all formats in one build', async () => {
  const { report, originals } = await tsup({})
  expect(report).toMatchObject({ scripts: 2, decodable: 2, leaks: [] })
  expect(originals).toEqual(['lazy.js:6', 'lazy.js:6'])
})

test('files that Rollup rewrites for `treeshake` are reported as undecodable, unless their code is found again', async () => {
  const { report, originals } = await tsup({ treeshake: true })
  expect(report).toMatchObject({ scripts: 2, decodable: 1, leaks: [] })
  expect(originals).toEqual(['lazy.js:6', expect.stringContaining('another tool rewrote it')])
})
