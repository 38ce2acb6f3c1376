import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { runNode } from '../support/command.ts'
import { type Built, buildApp, churn, installApp } from './app.ts'
import { buildMapseal } from './run/build.ts'

/** The plugin in the user's config of real frameworks, by their own build commands. */

const cli = join(import.meta.dirname, '../../packages/mapseal/bin/mapseal.js')

// Tools that resolve modules by themselves do not find its source.
beforeAll(buildMapseal)

const releases = ['1.9.9', '1.10.0-beta.1'] as const

/** How many scripts have a map, by the last line of a build. */
function decodable({ lines }: Built): string[] {
  return lines.flatMap(line => /\d+ scripts?, \d+ decodable/.exec(line)?.[0] ?? [])
}

function settingsOf({ lines }: Built): string[] {
  return lines.filter(line => line.includes('[maps]'))
}

async function buildReleases(app: Awaited<ReturnType<typeof installApp>>, command: string[], client: string) {
  const [before, after] = [
    await buildApp(app, command, client, { RELEASE: releases[0] }),
    await buildApp(app, command, client, { RELEASE: releases[1] }),
  ]
  return { after, ...churn(before, after) }
}

test('Astro: its default for the client is not the user’s decision', async () => {
  const app = await installApp('astro')
  const command = ['astro/bin/astro.mjs', 'build']
  const built = await buildApp(app, command, 'dist')
  expect(decodable(built)).toEqual(['9 scripts, 9 decodable'])
  expect(settingsOf(built)).toEqual([])
  const off = await buildApp(app, command, 'dist', { SOURCEMAP: 'false' })
  expect(off.lines.filter(line => line.includes('switches source maps off'))).toHaveLength(1)
})

test('SvelteKit: no hook that it warns of, and the release in what a page starts with', async () => {
  const app = await installApp('sveltekit')
  const { after, renamed, changed } = await buildReleases(app, ['vite/bin/vite.js', 'build'], 'build/client')
  expect(after.output).not.toContain('transformIndexHtml')
  expect(settingsOf(after)).toEqual([])
  expect(after.client.size).toBeGreaterThan(10)
  expect({ renamed: renamed.length, changed }).toEqual({ renamed: 2, changed: [] })
})

test('React Router: the release in its client entry alone', async () => {
  const app = await installApp('react-router')
  const { after, renamed, changed } = await buildReleases(app, ['@react-router/dev/bin.js', 'build'], 'build/client')
  expect(after.output).not.toContain('Source maps are enabled')
  expect(settingsOf(after)).toEqual([])
  // Its manifest names the entry.
  expect({ renamed, changed }).toEqual({ renamed: ['assets/entry.js', 'assets/manifest.js'], changed: [] })
})

test('module federation: the release in its own script, not in what other apps load', async () => {
  const app = await installApp('federation')
  const { renamed, changed } = await buildReleases(app, ['vite/bin/vite.js', 'build'], 'dist')
  expect({ renamed, changed }).toEqual({ renamed: ['assets/release.js'], changed: [] })
})

test.each([
  ['turborepo', ['.bin/turbo', 'run', 'build']],
  ['nx', ['.bin/nx', 'run-many', '-t', 'build']],
] as const)('%s: what its cache has from before sealing is found and named', async (name, command) => {
  const app = await installApp(name)
  const put = (path: string, content: string) => writeFile(join(app.dir, path), content)
  // A config that the tool does not know to be an input, as when the plugin is in a package of its own.
  await put('apps/shop/vite.config.js', "export { default } from '../../shared.mjs'\n")
  await put('apps/shop/src/boom.js', `export const boom = () => ${Date.now()}\n`)
  await put('shared.mjs', 'export default {}\n')
  const dist = 'apps/shop/dist'
  const before = await buildApp(app, [...command], dist)
  await put('shared.mjs', "import mapseal from 'mapseal/vite'\nexport default { plugins: [mapseal()] }\n")
  const restored = await buildApp(app, [...command], dist)
  expect(restored.output).toMatch(/FULL TURBO|read the output from the cache/)
  expect(restored.client).toEqual(before.client)
  const { code, stdout } = await runNode([cli, 'check', dist], { cwd: app.dir })
  expect(code).toBe(1)
  for (const script of before.client.keys()) expect(stdout).toContain(script)
  expect(stdout).toContain('has no debug ID')
})

test('Next.js with webpack: its own default is switched on, and its empty compiler is not reported', async () => {
  const app = await installApp('next-plugin')
  const command = ['next/dist/bin/next', 'build', '--webpack']
  const built = await buildApp(app, command, '.next/static')
  expect(built.lines.filter(line => /source maps off|No script|asks for/.test(line))).toEqual([])
  expect(decodable(built)).toEqual([
    expect.stringMatching(/^(\d+) scripts, \1 decodable$/),
    expect.stringMatching(/scripts, \d+ decodable$/),
  ])
  const visible = await buildApp(app, command, '.next/static', { PUBLIC: '1' })
  expect(visible.lines.filter(line => line.includes('asks for'))).toEqual([
    expect.stringContaining('"productionBrowserSourceMaps"'),
  ])
})

test.each([
  ['Turbopack', [], [/^chunks\/\w+\.js$/]],
  ['webpack', ['--webpack'], [/^chunks\/\d+\.js$/, /^chunks\/main\.js$/]],
])('Next.js with %s: the release in what every page starts with, and in nothing else', async (_, flags, expected) => {
  const app = await installApp('next')
  const { renamed, changed } = await buildReleases(app, ['next/dist/bin/next', 'build', ...flags], '.next/static')
  // Each build has an ID of its own, which is the folder of its manifests.
  const manifests = renamed.filter(name => /^[^/]+\/_\w+Manifest\.js$/.test(name))
  expect(manifests.length).toBeGreaterThan(0)
  const patterns = expected.map(pattern => expect.stringMatching(pattern))
  expect(renamed.filter(name => !manifests.includes(name))).toEqual(patterns)
  expect(changed).toEqual([])
})
