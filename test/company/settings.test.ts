import { join } from 'node:path'
import { vite as vite6 } from '@mapseal-test/vite6'
import { vite as vite7 } from '@mapseal-test/vite7'
import * as vite8 from 'vite'
import { describe, expect, test } from 'vitest'
import { buildRollup, buildVite, place } from './cases.ts'

/** What frameworks set by default is not what the user decided, and each message comes once. */

type Settings = { sourcemap?: boolean | 'hidden' | 'inline' }

/** A framework's plugin that has a default of its own, for the root or for an environment. */
function framework(name: string, root: Settings, client: Settings = {}): object {
  return {
    name,
    config: { order: 'pre', handler: () => ({ build: root, environments: { client: { build: client } } }) },
  }
}

/** Client and server. */
const both = (dir: string, client: Settings) => ({
  environments: {
    client: { build: client },
    ssr: { build: { ssr: true, outDir: join(dir, 'server'), rollupOptions: { input: join(dir, 'src/shared.js') } } },
  },
  builder: {
    async buildApp(builder: { environments: object; build(environment: unknown): Promise<unknown> }) {
      for (const environment of Object.values(builder.environments)) await builder.build(environment)
    },
  },
})

describe.each([
  ['Vite 8', vite8],
  ['Vite 7', vite7],
  ['Vite 6', vite6 as never as typeof vite7],
] as const)('%s', (_, vite) => {
  test.each([
    ['off', { sourcemap: false }, {}],
    ['off for an environment', {}, { sourcemap: false }],
    ['visible', { sourcemap: true }, {}],
    ['visible for an environment', {}, { sourcemap: true }],
    ['inline for an environment', {}, { sourcemap: 'inline' }],
  ] as const)("a framework's plugin sets source maps %s", async (_, root, client) => {
    const built = await buildVite(vite, await place(), ours => [framework('framework', root, client), ...ours])
    expect(built.report).toMatchObject({ scripts: 3, decodable: 3, leaks: [] })
    expect(built.lines).toEqual([expect.stringContaining('3 scripts, 3 decodable')])
    expect(Object.keys(built.files).filter(name => name.endsWith('.map'))).toEqual([])
  })

  test("Astro's own default for the client, in the config it passes", async () => {
    const config = { environments: { client: { build: { sourcemap: false } } } }
    const built = await buildVite(vite, await place(), ours => [...ours, { name: 'astro:build' }], config)
    expect(built.report).toMatchObject({ scripts: 3, decodable: 3, leaks: [] })
    expect(built.lines).toHaveLength(1)
  })

  test("Quasar's own default, in the config it passes", async () => {
    const config = { build: { sourcemap: false } }
    const built = await buildVite(vite, await place(), ours => [...ours, { name: 'vite:quasar:vite-conf' }], config)
    expect(built.report).toMatchObject({ scripts: 3, decodable: 3, leaks: [] })
    expect(built.lines).toHaveLength(1)
  })

  test('a tool that takes the first of the plugins alone: the build fails instead of leaving source maps in the output', async () => {
    const built = await buildVite(vite, await place(), ([first]) => [{ ...first }])
    expect(built.failure?.message).toContain('only a part of the plugins that mapseal() returns was added')
    expect(built.files).toEqual({})
  })

  test('the user switches them off: one warning for all environments', async () => {
    const dir = await place()
    const config = { ...both(dir, {}), build: { sourcemap: false } }
    const built = await buildVite(vite, dir, ours => ours, config as never)
    expect(built.lines.filter(line => line.includes('switches source maps off'))).toEqual([
      expect.stringContaining('"build.sourcemap"'),
    ])
    expect(built.report?.decodable).toBe(1) // The release's own script.
  })

  test('the user switches them off for one environment', async () => {
    const dir = await place()
    const built = await buildVite(vite, dir, ours => ours, both(dir, { sourcemap: false }) as never)
    expect(built.lines.filter(line => line.includes('switches source maps off'))).toEqual([
      expect.stringContaining('"environments.client.build.sourcemap"'),
    ])
  })

  test('an output has a setting of its own', async () => {
    const output = { sourcemap: false }
    const off = await buildVite(vite, await place(), ours => ours, { build: { rollupOptions: { output } } })
    expect(off.lines[0]).toContain('"output.sourcemap" switches source maps off')
    const plugin = { name: 'framework', config: () => ({ build: { rollupOptions: { output } } }) }
    const built = await buildVite(vite, await place(), ours => [plugin, ...ours])
    expect(built.report).toMatchObject({ scripts: 3, decodable: 3 })
    expect(built.lines).toHaveLength(1)
  })
})

test.each(['unbuild-json', 'tsdown:external'])(
  "%s: a tool's own default, in the output options of Rollup",
  async name => {
    const off = { name, outputOptions: (output: object) => ({ ...output, sourcemap: false }) }
    const built = await buildRollup('rollup', await place(), ours => [off, ...ours])
    expect(built.report).toMatchObject({ scripts: 1, decodable: 1, leaks: [] })
    expect(built.lines).toEqual([expect.stringContaining('1 script, 1 decodable')])
  },
)
