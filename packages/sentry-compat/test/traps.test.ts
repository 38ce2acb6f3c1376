import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runNode } from '../../../test/support/command.ts'
import { build, bundlePlugins, bundlers, reaching, readOutput, run, startRecorder } from './build.ts'
import { server, useRecorder } from './recorder.ts'
import { uploadedMaps, uploadedNames } from './uploaded.ts'

/** Defects that were measured in Sentry's plugins, and that ours does not have. */

useRecorder()

const mapsOf = (files: Map<string, string>) => [...files.keys()].filter(name => name.endsWith('.map'))
const unreachable = { url: 'http://127.0.0.1:1' }
const hidden = `{ output: { sourcemap: 'hidden' } }`
const deleting = `filesToDeleteAfterUpload: 'dist/**/*.map'`

test.each([
  ['without a token', `{ sourcemaps: { ${deleting} } }`, 0],
  ['after a failed upload', reaching(unreachable, `errorHandler() {}, sourcemaps: { ${deleting} }`), 0],
  ["with 'disable-upload'", `{ sourcemaps: { disable: 'disable-upload', ${deleting} } }`, 2],
  ['with disable', `{ sourcemaps: { disable: true, ${deleting} } }`, 2],
])('L1: %s, no source map is lost, and no link leads to one that is gone', async (_, options, kept) => {
  const { code, stderr, dir, files } = await build({ bundler: 'rollup', options, config: hidden })
  expect(code, stderr).toBe(0)
  expect(mapsOf(files)).toHaveLength(kept)
  expect(kept > 0 || existsSync(join(dir, '.mapseal/packs'))).toBe(true)
  expect([...files.values()].join('')).not.toContain('sourceMappingURL')
})

test('L2: a failed upload or release fails the build', async () => {
  expect((await build({ bundler: 'rollup', options: reaching(unreachable) })).code).toBe(1)
  const refusing = await startRecorder({
    intercept: ({ method, path }) =>
      method === 'PUT' && /\/releases\//.test(path) ? { status: 403, body: { detail: 'no' } } : undefined,
  })
  const { code, stderr } = await build({ bundler: 'rollup', options: reaching(refusing) })
  await refusing.close()
  expect(code).toBe(1)
  expect(stderr).toContain('was not finalized')
})

test.each(['vite8', 'vite7'] as const)(
  'L3: %s: a web worker has an ID, and its map is uploaded and not public',
  async bundler => {
    const files = {
      'src/main.js': `globalThis.make = () => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })\nglobalThis.finished = import('./lazy.js')\n`,
      'src/worker.js': `self.onmessage = event => self.postMessage(event.data + 1)\n`,
    }
    const built = await build({ bundler, files, options: reaching(server) })
    expect(built.code, built.stderr).toBe(0)
    expect(mapsOf(built.files)).toEqual([])
    const [, code] = [...built.files].find(([name]) => name.includes('worker')) ?? []
    const [, debugId = 'none'] = /\/\/# debugId=(\S+)/.exec(code ?? '') ?? []
    expect(code).toContain(`[n]="${debugId}"`)
    expect(uploadedNames(server).some(name => /worker-[\w-]+\.js\.map$/.test(name))).toBe(true)
  },
)

/** Builds two environments by a program with Vite's `createBuilder`. @returns the project's folder */
async function buildApp(options: string): Promise<string> {
  const program = `
    import { createBuilder } from ${JSON.stringify(import.meta.resolve('vite'))}
    import { sentryVitePlugin } from ${JSON.stringify(join(await bundlePlugins(), 'vite.js'))}
    const { options } = await import('./options.mjs')
    const input = 'src/main.js'
    const builder = await createBuilder({
      configFile: false, logLevel: 'warn', plugins: [sentryVitePlugin(options)],
      builder: {},
      environments: {
        client: { build: { outDir: 'dist/client', rollupOptions: { input } } },
        ssr: { build: { outDir: 'dist/ssr', ssr: true, rollupOptions: { input } } },
      },
    })
    await builder.buildApp()`
  const { dir } = await build({ bundler: 'rollup', whose: 'none', options, files: { 'builder.mjs': program } })
  const env = { NODE_ENV: 'production', HOME: dir, CI: undefined, GITHUB_SHA: undefined }
  const { code, stderr } = await runNode(['builder.mjs'], { cwd: dir, env })
  expect(code, stderr).toBe(0)
  return dir
}

test("L4: vite8: createBuilder() with a config in the program does not take our setting for the user's", async () => {
  const dir = await buildApp(reaching(server))
  for (const folder of ['dist/client', 'dist/ssr']) {
    const files = await readOutput(join(dir, folder))
    expect(files.size, folder).toBeGreaterThan(0)
    expect(mapsOf(files), folder).toEqual([])
  }
})

test('L5: esbuild: chunks of splitting have IDs and are uploaded', async () => {
  const { dir, files } = await build({ bundler: 'esbuild', options: reaching(server) })
  expect(files.size).toBe(3)
  expect(new Set(Object.values((await run(dir))._sentryDebugIds ?? {})).size).toBe(3)
  expect(uploadedNames(server)).toHaveLength(6)
})

test('L6: esbuild: maps are switched on and taken out, and deleteSourcemapsAfterUpload works', async () => {
  const unset = await build({ bundler: 'esbuild', options: reaching(server) })
  expect(mapsOf(unset.files)).toEqual([])
  expect(uploadedMaps(server)).toHaveLength(3)
  const options = reaching(server, 'sourcemaps: { deleteSourcemapsAfterUpload: true }')
  const set = await build({ bundler: 'esbuild', options, config: '{ sourcemap: true }' })
  expect(mapsOf(set.files)).toEqual([])
})

const released = (name: string) => `{ ...${reaching(server)}, release: { name: '${name}', setCommits: false } }`

test.each(bundlers)('L7: %s: another release renames no script but the one that carries it', async bundler => {
  // Where there is no page, the entry carries it; what imports the entry has its name in it.
  const files = { 'src/lazy.js': 'export const lazy = () => {}\n' }
  const [one, other] = [
    await build({ bundler, files, options: released('1.9.9') }),
    await build({ bundler, files, options: released('1.10.0-beta.1') }),
  ]
  const renamed = [...one.files.keys()].filter(name => !other.files.has(name))
  expect(renamed.map(name => name.replace(/-.*/, ''))).toEqual(['main'])
})

test('L8: nothing is sent to anyone but the configured server', async () => {
  const asked: string[] = []
  const proxy = createServer((request, response) => response.writeHead(502).end(asked.push(String(request.url)))).on(
    'connect',
    (request, socket) => {
      asked.push(String(request.url))
      socket.destroy()
    },
  )
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  const env = { HTTPS_PROXY: address, HTTP_PROXY: address, NO_PROXY: '127.0.0.1', SENTRY_CLI_NO_TELEMETRY: undefined }
  const { code } = await build({ bundler: 'rollup', options: reaching(server, 'telemetry: true'), env })
  proxy.close()
  expect(code).toBe(0)
  expect(asked).toEqual([])
})

test('L9: proxies of the environment are used', async () => {
  const asked: string[] = []
  const proxy = createServer().on('connect', (request, socket) => {
    asked.push(String(request.url))
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const env = { HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` }
  const { code } = await build({ bundler: 'rollup', options: reaching({ url: 'https://sentry.example' }), env })
  proxy.close()
  expect(code).toBe(1)
  expect(asked).toContain('sentry.example:443')
})

test('L10: nothing is remembered of a server that another build used', async () => {
  const project = { bundler: 'rollup', options: reaching(server) } as const
  const first = await build(project)
  const before = await readdir(first.dir)
  expect(before.filter(name => name !== '.mapseal' && name !== '.git')).not.toContain('.config')
  expect(before).not.toContain('.sentry')
  const second = await startRecorder()
  const moved = await build({ ...project, options: reaching(second) })
  await second.close()
  expect(moved.code, moved.stderr).toBe(0)
  expect(second.requests.length).toBeGreaterThan(3)
})

test('L11: several projects and several environments are one release and one upload', async () => {
  const count = (pattern: RegExp) => server.calls().filter(call => pattern.test(call)).length
  const options = reaching(server, `project: ['web', 'api', 'docs']`)
  const { code, stderr } = await build({ bundler: 'rollup', options })
  expect(code, stderr).toBe(0)
  expect([count(/^POST releases/), count(/^POST chunk-upload/)]).toEqual([1, 1])
  server.clear()
  await buildApp(options)
  expect([count(/^POST releases/), count(/^PUT releases/), count(/^POST chunk-upload/)]).toEqual([1, 1, 1])
})

test('L12: code that mentions the marker has an ID and is uploaded', async () => {
  const files = {
    'src/main.js': `globalThis.mainDone = '_sentryDebugIdIdentifier sentry-dbid-' + globalThis._sentryDebugIdIdentifier\nglobalThis.finished = import('./lazy.js')\n`,
  }
  const { dir } = await build({ bundler: 'rollup', files, options: reaching(server) })
  expect(Object.keys((await run(dir))._sentryDebugIds ?? {}).length).toBeGreaterThanOrEqual(1)
  expect(uploadedNames(server).filter(name => /main/.test(name))).toHaveLength(2)
})

test.each(bundlers)('L13: %s: another release is another ID of the script that carries it', async bundler => {
  const idOf = async (name: string) => {
    const { dir } = await build({ bundler, options: released(name) })
    const { _sentryDebugIds = {} } = await run(dir)
    return Object.entries(_sentryDebugIds).find(([stack]) =>
      /\/main-[^/]*:\d+:\d+\)?$/.test(stack.split('\n')[1] ?? ''),
    )?.[1]
  }
  const [one, other] = [await idOf('1.9.9'), await idOf('1.10.0-beta.1')]
  expect(one).toBeDefined()
  expect(one).not.toBe(other)
})

test('L14: nothing stays in the folder for temporary files, however the upload ends', async () => {
  const temporary = await mkdtemp(join(tmpdir(), 'mapseal-compat-'))
  await build({
    bundler: 'rollup',
    options: reaching(unreachable, 'errorHandler() {}'),
    env: { TMPDIR: temporary },
  })
  expect(await readdir(temporary)).toEqual([])
  await rm(temporary, { recursive: true })
})

test.each([
  ['a hashbang', `#!/usr/bin/env node\n`, '{}'],
  [
    'cjs',
    '',
    `{ output: { format: 'cjs', entryFileNames: '[name]-[hash].cjs', chunkFileNames: '[name]-[hash].cjs' } }`,
  ],
  ['iife', '', `{ output: { format: 'iife', inlineDynamicImports: true } }`],
  ['umd', '', `{ output: { format: 'umd', name: 'shop', inlineDynamicImports: true } }`],
  [
    'system',
    '',
    `{ output: { format: 'system', inlineDynamicImports: true, banner: 'globalThis.System = { register: (_, declare) => declare(() => {}, {}).execute() }' } }`,
  ],
  ['a banner', '', `{ output: { banner: '/* licence */', footer: '/* end */' } }`],
])('L15: with %s, directives stay first and maps are exact', async (_, head, config) => {
  const files = {
    'src/main.js': `${head}'use client'\nglobalThis.mainDone = [new Error('here').stack.split('\\n')[1]][0]\nglobalThis.finished = import('./lazy.js').then(({ lazy }) => lazy())\n`,
  }
  const { dir, code, stderr } = await build({ bundler: 'rollup', files, config, options: reaching(server) })
  expect(code, stderr).toBe(0)
  const { mainDone = '' } = await run(dir)
  const [, line, column] = /:(\d+):(\d+)\)?$/.exec(mainDone) ?? []
  const { originalPositionFor, TraceMap } = await import('@jridgewell/trace-mapping')
  const map = uploadedMaps(server).find(({ url }) => /main/.test(url))
  const found = originalPositionFor(new TraceMap(JSON.stringify(map)), {
    line: Number(line),
    column: Number(column) - 1,
  })
  expect([found.source, found.line]).toEqual(['src/main.js', head ? 3 : 2])
})
