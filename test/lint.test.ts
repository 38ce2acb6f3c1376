import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'

const root = dirname(import.meta.dirname)

const relative = 'Import a package by its name.'
const noFile = 'No file imports mapseal.'
const typesOnly = 'Bundlers are optional peers: import only types of them.'
const core = { siblings: 'core imports no sibling.', bundlers: 'core imports no bundler, nor its types.' }
const unplugin = 'Import unplugin in mapseal/src/plugin.ts alone.'
const destinations = 'Of its siblings it imports core alone.'
const fastGlob = 'fast-glob is imported in core/src/build/globs.ts alone, which is loaded when a pattern is given.'
const cli = 'cli imports core, destinations and server.'
const compat = 'sentry-compat imports core, destinations and mapseal itself.'
const undici = 'undici is imported in core/src/http/connections.ts alone.'

/** The message for each import, by the file it is in; none where it is allowed. */
const cases: [file: string, code: string, message?: string][] = [
  ['core/src/a.ts', `import '@mapseal/destinations/directory'`, core.siblings],
  ['core/src/b.ts', `import '@mapseal/core'`, core.siblings],
  ['core/src/c.ts', `import 'mapseal/vite'`, core.siblings],
  ['core/src/d.ts', `import type { P } from 'vite'\nexport type Q = P`, core.bundlers],
  ['core/src/e.ts', `export * from '@rspack/core'`, core.bundlers],
  ['core/src/vault/g.ts', `import '../../../cli/src/main.ts'`, relative],
  ['core/src/vault/h.ts', `import '../vite.ts'\nimport 'node:fs'\nimport '@jridgewell/trace-mapping'`],
  ['core/src/build/globs.ts', `import 'fast-glob'\nimport 'fast-glob/out/utils/pattern.js'`],
  ['core/src/build/i.ts', `import { glob } from 'fast-glob'\nglob('*')`, fastGlob],
  ['core/src/j.ts', `export const load = () => import('fast-glob/out/utils/pattern.js')`, fastGlob],
  ['core/src/k.ts', `export * from 'micromatch'`, fastGlob],
  [
    'core/src/http/connections.ts',
    `import Agent from 'undici/lib/dispatcher/agent.js'\nimport { request } from 'undici'`,
  ],
  ['core/src/http/i.ts', `import { request } from 'undici'`, undici],
  ['core/src/http/j.ts', `export const load = () => import('undici/lib/dispatcher/agent.js')`, undici],
  ['destinations/src/h.ts', `import type { Agent } from 'undici'\nexport type A = Agent`, undici],
  ['cli/src/i.ts', `export { request } from 'undici'`, undici],
  ['mapseal/src/h.ts', `import 'undici-types'`],
  ['core/test/a.test.ts', `import 'mapseal/vite'`, noFile],
  ['core/test/b.test.ts', `import 'esbuild'`],
  ['destinations/src/a.ts', `import '@mapseal/core'\nimport '@mapseal/core/http'`],
  ['destinations/src/b.ts', `import '@mapseal/cli'`, destinations],
  ['destinations/src/c.ts', `import 'mapseal'`, destinations],
  ['destinations/src/d.ts', `import '../../core/src/index.ts'`, relative],
  ['destinations/src/f.ts', `import 'rollup'`, typesOnly],
  ['cli/src/a.ts', `import '@mapseal/core'\nimport '@mapseal/destinations/directory'\nimport '@mapseal/server'`],
  ['cli/src/b.ts', `import 'mapseal'`, cli],
  ['cli/src/c.ts', `import '@mapseal/sentry-compat/vite'`, cli],
  ['cli/src/commands/d.ts', `import '../../../destinations/src/directory.ts'`, relative],
  ['cli/src/e.ts', `export const load = () => import('esbuild')`, typesOnly],
  ['cli/src/g.ts', `import 'fast-glob'`, fastGlob],
  ['cli/src/f.ts', `export type Module = typeof import('esbuild')`],
  ['mapseal/src/a.ts', `import '@mapseal/core'\nimport '@mapseal/cli'\nimport '@mapseal/destinations/directory'`],
  ['mapseal/src/b.ts', `import 'mapseal/vite'`, noFile],
  ['mapseal/src/hosts/d.ts', `import '../../../core/src/index.ts'`, relative],
  ['mapseal/src/l.ts', `import '@mapseal/sentry-compat/vite'`, 'No file imports sentry-compat.'],
  [
    'sentry-compat/src/a.ts',
    `import 'mapseal'\nimport '@mapseal/core'\nimport 'mapseal/next'\nimport '@mapseal/destinations/sentry'`,
  ],
  [
    'sentry-compat/src/b.ts',
    `import '@mapseal/core/globs'\nimport type { Plugin } from 'vite'\nexport type P = Plugin`,
  ],
  ['sentry-compat/src/c.ts', `import 'mapseal/vite'`, compat],
  ['sentry-compat/src/d.ts', `import '@mapseal/cli'`, compat],
  ['sentry-compat/src/e.ts', `import '../../mapseal/src/index.ts'`, relative],
  ['sentry-compat/src/f.ts', `import { build } from 'vite'\nbuild()`, typesOnly],
  ['sentry-compat/test/a.test.ts', `import 'mapseal'`],
  ['server/src/a.ts', `import 'mapseal'`, destinations],
  ['mapseal/src/e.ts', `import { build } from 'vite'\nbuild()`, typesOnly],
  ['mapseal/src/f.ts', `export { Compiler } from "@rspack/core"`, typesOnly],
  ['mapseal/src/i.ts', `import { rspack } from '@rsbuild/core'\nrspack()`, typesOnly],
  ['mapseal/src/i.ts', `export * from '@farmfe/core'`, typesOnly],
  ['mapseal/src/plugin.ts', `import { createUnplugin } from 'unplugin'\ncreateUnplugin(() => [])`],
  ['mapseal/src/hosts/plugin.ts', `import { createUnplugin } from 'unplugin'\ncreateUnplugin(() => [])`, unplugin],
  [
    'mapseal/src/j.ts',
    `import type { UnpluginInstance } from 'unplugin'\nexport type I = UnpluginInstance<object>`,
    unplugin,
  ],
  ['mapseal/src/k.ts', `export { createUnplugin } from 'unplugin'`, unplugin],
  ['mapseal/test/a.test.ts', `export const load = () => import('unplugin')`, unplugin],
  ['cli/src/j.ts', `import 'unplugin'`, unplugin],
  ['core/src/i.ts', `import type { Resource } from '@farmfe/core'\nexport type R = Resource`, core.bundlers],
  [
    'mapseal/src/g.ts',
    `import type { Plugin } from 'vite'\nexport type { Compiler } from 'webpack'\nexport type P = Plugin`,
  ],
]

let project: string
let found: Map<string, string[]>

/** All snippets at once, each in a file of its own, under the repository's own configuration. */
beforeAll(async () => {
  await mkdir(join(root, 'test/.tmp'), { recursive: true })
  project = await mkdtemp(join(root, 'test/.tmp/lint-'))
  await cp(join(root, 'biome.json'), join(project, 'biome.json'))
  await cp(join(root, 'lint'), join(project, 'lint'), { recursive: true })
  for (const [file, code] of cases) {
    const path = join(project, 'packages', file)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, `${code}\n`)
  }
  found = await lint(project)
})
afterAll(() => rm(project, { recursive: true }))

it.each(cases)('judges the imports of %s', (file, _code, message) => {
  expect(found.get(`packages/${file}`) ?? []).toEqual(message === undefined ? [] : [message])
})

async function lint(cwd: string): Promise<Map<string, string[]>> {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome')
  const rules = ['--only=style/noRestrictedImports', '--only=plugin']
  const options = ['--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', ...rules]
  const { stdout } = await promisify(execFile)(process.execPath, [biome, 'lint', ...options, 'packages'], {
    cwd,
  }).catch((cause: { stdout: string }) => cause)
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { message: string; location: { path: string } }[] }
  const messages = new Map<string, string[]>()
  for (const { message, location } of diagnostics) {
    messages.set(location.path, [...(messages.get(location.path) ?? []), message])
  }
  return messages
}
