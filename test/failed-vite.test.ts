/// <reference path="./matrix/toolchains.d.ts" />
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BuildRecord, listFiles, openVault } from '@mapseal/core'
import vitePlugin from 'mapseal/vite'
import type { InlineConfig, Plugin, UserConfig } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isMap, isScript } from './matrix/files.ts'

/** A build that another plugin, or the app's own build function, makes fail; then another build in the same process. */

const vites: Record<string, () => Promise<typeof import('vite')>> = {
  'Vite 5': async () => (await import('@mapseal-test/vite5')).vite,
  'Vite 6': async () => (await import('@mapseal-test/vite6')).vite,
  'Vite 7': async () => (await import('@mapseal-test/vite7')).vite,
  'Vite 8': () => import('vite'),
}

let temp: string
beforeAll(async () => {
  await mkdir(join(import.meta.dirname, '.tmp'), { recursive: true })
  temp = await mkdtemp(join(import.meta.dirname, '.tmp/failed-'))
})
afterAll(() => rm(temp, { recursive: true }))

const logger = { info: () => {}, warn: () => {}, error: () => {} }
const failure = 'the other plugin failed'

async function project(name: string) {
  const dir = join(temp, name.replaceAll(/\W+/g, '-'))
  await mkdir(join(dir, 'src'), { recursive: true })
  await writeFile(join(dir, 'package.json'), '{ "name": "app", "type": "module" }')
  await writeFile(join(dir, 'src/main.js'), "console.log('main')\nexport const main = 1\n")
  await writeFile(join(dir, 'src/server.js'), "console.log('server')\nexport const server = 1\n")
  const ours = () => vitePlugin({ vault: join(dir, 'vault'), release: '1.2.3', onError: 'fail', logger })
  const records = () => openVault('vault', dir).records()
  return { dir, ours, records }
}

const shared = (dir: string): InlineConfig => ({ root: dir, configFile: false, logLevel: 'silent' })
const throwing = (): never => {
  throw new Error(failure)
}

/** Whatever is on the disk has no map, and a record names it. */
async function expectNamed(outDir: string, records: BuildRecord[]): Promise<void> {
  const written = existsSync(outDir) ? await listFiles(outDir) : []
  expect(written.filter(isMap)).toEqual([])
  const paths = records.flatMap(({ files }) => files.map(file => `${file.outDir}/${file.path}`))
  for (const path of written.filter(isScript)) expect(paths).toContain(`${outDir.split('/').at(-1)}/${path}`)
}

/** The second build is one, and done. */
async function expectRecorded(dir: string, outDir: string, records: BuildRecord[]): Promise<void> {
  await expectNamed(join(dir, outDir), records)
  const done = records.filter(({ state, files }) => !state && files.some(file => file.outDir === outDir))
  expect(done).toHaveLength(1)
}

describe.each(Object.keys(vites))('%s', name => {
  const hooks = ['transform', 'renderChunk', 'generateBundle', 'writeBundle', 'closeBundle'] as const

  test.each(hooks.flatMap(hook => [[hook, 'before'] as const, [hook, 'after'] as const]))(
    'another plugin throws in %s, %s ours',
    async (hook, place) => {
      const { build } = await (vites[name] as () => Promise<typeof import('vite')>)()
      const { dir, ours, records } = await project(`${name} ${hook} ${place}`)
      const other: Plugin = { name: 'other', [hook]: throwing }
      const start = (outDir: string, plugins: unknown[]) =>
        build({
          ...shared(dir),
          plugins: plugins as never,
          build: { outDir, rollupOptions: { input: join(dir, 'src/main.js') } },
        })
      const plugins = ours()
      const first = start('first', place === 'before' ? [other, plugins] : [plugins, other])
      await expect(first).rejects.toThrow(failure)
      await expectNamed(join(dir, 'first'), await records())
      // With the same instance, and with a new one.
      await start('second', [plugins])
      await expectRecorded(dir, 'second', await records())
      await start('third', [ours()])
      await expectRecorded(dir, 'third', await records())
    },
  )
})

describe.each(Object.keys(vites).slice(1))('%s: the build of an app', name => {
  const environments = (dir: string, outDir: string): UserConfig['environments'] => ({
    client: { build: { outDir: `${outDir}-client`, rollupOptions: { input: join(dir, 'src/main.js') } } },
    ssr: { build: { outDir: `${outDir}-ssr`, ssr: true, rollupOptions: { input: join(dir, 'src/server.js') } } },
  })
  const inTurn: NonNullable<NonNullable<UserConfig['builder']>['buildApp']> = async builder => {
    for (const environment of Object.values(builder.environments)) await builder.build(environment)
  }

  async function buildApps(about: string, first: Pick<UserConfig, 'builder' | 'plugins'>) {
    const { createBuilder } = await (vites[name] as () => Promise<typeof import('vite')>)()
    const { dir, ours, records } = await project(`${name} ${about}`)
    const start = async (outDir: string, config: Pick<UserConfig, 'builder' | 'plugins'>) => {
      const builder = await createBuilder({ ...shared(dir), ...config, environments: environments(dir, outDir) })
      await builder.buildApp()
    }
    const plugins = ours()
    const failed = start('first', { ...first, plugins: [plugins, ...(first.plugins ?? [])] })
    await expect(failed).rejects.toThrow(failure)
    for (const environment of ['client', 'ssr']) await expectNamed(join(dir, `first-${environment}`), await records())
    for (const [outDir, list] of [
      ['second', [plugins]],
      ['third', [ours()]],
    ] as const) {
      await start(outDir, { builder: { buildApp: inTurn }, plugins: [...list] })
      const found = await records()
      for (const environment of ['client', 'ssr']) await expectRecorded(dir, `${outDir}-${environment}`, found)
    }
  }

  test('its function throws before any environment', () =>
    buildApps('throws first', { builder: { buildApp: async () => throwing() } }))

  test('its function throws between two environments', () =>
    buildApps('throws between', {
      builder: {
        async buildApp(builder) {
          await builder.build(Object.values(builder.environments)[0] as never)
          throwing()
        },
      },
    }))

  test('its function throws after the last', () =>
    buildApps('throws last', {
      builder: {
        async buildApp(builder) {
          await inTurn(builder)
          throwing()
        },
      },
    }))

  test.each(['transform', 'closeBundle'] as const)('a plugin throws in %s of the second environment', hook =>
    buildApps(`throws in ${hook}`, {
      builder: { buildApp: inTurn },
      plugins: [
        {
          name: 'other',
          [hook](this: { environment: { name: string } }) {
            if (this.environment.name === 'ssr') throwing()
          },
        },
      ],
    }),
  )
})
