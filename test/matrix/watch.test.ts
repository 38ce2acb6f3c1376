import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Destination } from 'mapseal'
import { expect, test } from 'vitest'
import { emptyFolder, isMap, isScript, readFolder } from './files.ts'
import { pluginMaker } from './plugin.ts'
import { copyFixture, scratchDir } from './project.ts'
import { viteConfig, viteOf } from './runners/vite.ts'
import { startWatching } from './runners/watch.ts'
import { countCell } from './summary.ts'
import { type Bundler, bundleCase, bundlers, type Place } from './types.ts'
import { type OldVersion, oldVersions } from './versions.ts'

interface Session {
  place: Place
  vaultDir: string
  /** Releases that were delivered. */
  delivered: unknown[]
}

/** A project in a scratch folder, with a plugin whose deliveries are counted. */
async function open(name: string, column: Bundler | OldVersion): Promise<Session> {
  const version = column in oldVersions ? (column as OldVersion) : undefined
  const bundler = version ? oldVersions[version] : (column as Bundler)
  const dir = join(scratchDir, `${name}-${column}`)
  const vaultDir = join(dir, 'vault')
  const delivered: unknown[] = []
  const spy: Destination = {
    name: 'spy',
    async deliver(build) {
      delivered.push(build.release)
      return { artifacts: build.files.length }
    },
  }
  await emptyFolder(dir)
  await copyFixture('chunks', dir)
  const logger = { info: () => {}, warn: () => {}, error: () => {} }
  const plugins = await pluginMaker(bundler, { vault: vaultDir, release: '1.2.3', destinations: [spy], logger })
  return { place: { bundler, version, dir, outDir: join(dir, 'dist'), plugins, maps: undefined }, vaultDir, delivered }
}

const oldest: OldVersion[] = ['vite5.0', 'rollup3', 'rolldown1.0', 'webpack5.75', 'rspack1.0', 'esbuild0.19']
const watching = bundlers.filter(name => name !== 'farm' && name !== 'bun')

for (const column of [...watching, ...oldest]) {
  test(`watch · ${column}`, async () => {
    const { place, vaultDir, delivered } = await open('watch', column)
    const watching = await startWatching(place)
    for (const round of [1, 2, 3]) {
      // A watcher may build more than once for a change, and once before it has seen it.
      for (let isSeen = false; !isSeen; ) {
        await watching.next()
        const files = await readFolder(place.outDir)
        const scripts = [...files].filter(([path]) => isScript(path))
        expect(scripts.length).toBeGreaterThan(0)
        expect([...files.keys()].filter(isMap)).toEqual([])
        isSeen = round === 1 || scripts.some(([, code]) => code.includes(`round ${round - 1}`))
      }
      await sleep(50)
      await appendFile(join(place.dir, 'src/main.js'), `\nglobalThis.trace.push('round ${round}')\n`)
    }
    await watching.close()
    // esbuild does not tell a plugin that it watches, so a context's first build is one like any other.
    const builds = place.bundler === 'esbuild' ? 1 : 0
    expect(delivered).toHaveLength(builds)
    expect((await readFolder(join(vaultDir, 'builds'))).size).toBe(builds)
    await countCell('watch', column, { scripts: 0, mappings: 0, problems: [] })
  })
}

for (const column of ['vite8', 'vite7', 'vite6', 'vite5', 'vite5.0'] as const) {
  test(`dev-server · ${column}`, async () => {
    const { place, vaultDir, delivered } = await open('dev-server', column)
    const config = viteConfig(bundleCase({ about: '' }), place)
    const server = await (await viteOf(place)).createServer({ ...config, server: { middlewareMode: true, ws: false } })
    const result = await server.transformRequest('/src/main.js')
    expect(result?.code).toContain('greet')
    expect(result?.code).not.toMatch(/_sentryDebugIds|debugId=/)
    await server.close()
    expect(delivered).toEqual([])
    expect((await readFolder(vaultDir)).size).toBe(0)
    await countCell('dev-server', column, { scripts: 0, mappings: 0, problems: [] })
  })
}
