/// <reference path="./matrix/toolchains.d.ts" />
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { listFiles, openVault } from '@mapseal/core'
import vitePlugin from 'mapseal/vite'
import { SourceMapConsumer } from 'source-map'
import type { Plugin } from 'vite'
import { afterEach, beforeEach, expect, test } from 'vitest'

/**
 * An environment that bundles the output of another one again, in the names and folders of `nitro/vite`; Nitro itself is a row of
 * test/frameworks.
 */

const vites: Record<string, () => Promise<Pick<typeof import('vite'), 'createBuilder'>>> = {
  'Vite 7': async () => (await import('@mapseal-test/vite7')).vite,
  'Vite 8': () => import('vite'),
}

let dir: string
beforeEach(async () => {
  await mkdir(join(import.meta.dirname, '.tmp'), { recursive: true })
  dir = await mkdtemp(join(import.meta.dirname, '.tmp/stages (1)-'))
  await mkdir(join(dir, 'src'))
  await writeFile(join(dir, 'package.json'), '{ "name": "app", "type": "module" }')
  await writeFile(join(dir, 'src/client.js'), "console.log('client')\n")
  await writeFile(join(dir, 'src/prices.js'), "\n\nexport function prices() {\n  throw new Error('no prices')\n}\n")
  await writeFile(join(dir, 'src/server.js'), "import { prices } from './prices.js'\n\nprices()\n")
  await writeFile(join(dir, 'entry.js'), "import './stage/server.js'\n")
})
afterEach(() => rm(dir, { recursive: true }))

const environment = (consumer: 'client' | 'server', input: string, outDir: string) => ({
  consumer,
  build: {
    outDir,
    emptyOutDir: false,
    rollupOptions: { input: join(dir, input), output: { entryFileNames: '[name].js' } },
  },
})

function nitro(): Plugin {
  return {
    name: 'nitro:main',
    config: () => ({
      builder: { sharedConfigBuild: true },
      environments: {
        client: environment('client', 'src/client.js', 'dist/public'),
        ssr: environment('server', 'src/server.js', 'stage'),
        nitro: environment('server', 'entry.js', 'dist/server'),
      },
    }),
    async buildApp({ environments, build }) {
      for (const name of ['client', 'ssr', 'nitro']) await build(environments[name] as Parameters<typeof build>[0])
    },
  }
}

test.each(Object.keys(vites))('%s: what ships decodes to the source, and only that is sealed', async name => {
  const { createBuilder } = await (vites[name] as (typeof vites)[string])()
  const logger = { info() {}, warn() {}, error() {} }
  const ours = vitePlugin({ vault: join(dir, 'vault'), release: '1.2.3', onError: 'fail', logger })
  const builder = await createBuilder({
    root: dir,
    configFile: false,
    logLevel: 'silent',
    plugins: [nitro(), ours],
  } as Parameters<typeof createBuilder>[0])
  await builder.buildApp()

  const vault = openVault('vault', dir)
  const [record, ...others] = await vault.records()
  expect(others).toEqual([])
  const scripts = record?.files.map(({ outDir, path }) => `${outDir}/${path}`).sort()
  expect(scripts).toEqual(['dist/public/client.js', 'dist/server/entry.js'])
  expect((await listFiles(join(dir, 'dist'))).filter(path => path.endsWith('.map'))).toEqual([])

  const code = await readFile(join(dir, 'dist/server/entry.js'), 'utf8')
  expect(code.match(/_sentryDebugIds\b[^;]*=/g)).toHaveLength(1)
  const file = record?.files.find(({ path }) => path === 'entry.js')
  const map = JSON.parse((await vault.read(file?.map as NonNullable<typeof file>['map'] & object)).toString())
  const lines = code.slice(0, code.indexOf('no prices')).split('\n')
  const position = { line: lines.length, column: (lines.at(-1) as string).indexOf('throw') }
  const original = await SourceMapConsumer.with(map, null, consumer => consumer.originalPositionFor(position))
  expect(original).toMatchObject({ source: expect.stringMatching(/src\/prices\.js$/), line: 4, column: 2 })
})
