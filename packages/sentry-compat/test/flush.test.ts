import { expect, test } from 'vitest'
import { build, flush, reaching, readOutput } from './build.ts'
import { server, useRecorder } from './recorder.ts'
import { uploadedMaps, uploadedNames } from './uploaded.ts'

/** What an upload that failed owes to the options is made good by a later `mapseal flush`. */

useRecorder()

const unreachable = { url: 'http://127.0.0.1:1' }
const hidden = `{ output: { sourcemap: 'hidden' } }`
const unhashed = (names: string[]) => names.map(name => name.replace(/-[\w-]{8}\.js/, '.js'))

test('flush: sources are renamed, files are left out, headers are sent and files are deleted, as the plugin does it', async () => {
  const more = `errorHandler() {}, headers: { 'X-Team': 'shop' }, sourcemaps: {
    ignore: 'dist/lazy*', rewriteSources: source => 'shop/' + source, filesToDeleteAfterUpload: 'dist/lazy*.js',
  }`
  const { code, dir, files } = await build({ bundler: 'rollup', options: reaching(unreachable, more), config: hidden })
  expect(code).toBe(0)
  expect(unhashed([...files.keys()])).toEqual(['lazy.js', 'lazy.js.map', 'main.js', 'main.js.map'])
  const flushed = await flush(dir, reaching(server, more))
  expect(flushed.code, flushed.stdout + flushed.stderr).toBe(0)
  expect(unhashed(uploadedNames(server))).toEqual(['~/main.js', '~/main.js.map'])
  expect(uploadedMaps(server).flatMap(({ sources }) => sources)).toEqual([
    'shop/../src/shared.js',
    'shop/../src/main.js',
  ])
  expect(server.requests.every(({ headers }) => headers['x-team'] === 'shop')).toBe(true)
  expect(server.calls().filter(call => /releases/.test(call))).toEqual(['POST releases/', 'PUT releases/1.4.0/'])
  expect(unhashed([...(await readOutput(`${dir}/dist`)).keys()])).toEqual(['lazy.js.map', 'main.js', 'main.js.map'])
})

test('flush: names are relative to the working folder by default', async () => {
  const { dir } = await build({ bundler: 'vite8', options: reaching(unreachable, 'errorHandler() {}') })
  expect((await flush(dir, reaching(server))).code).toBe(0)
  expect(new Set(uploadedMaps(server).flatMap(({ sources }) => sources))).toEqual(
    new Set(['src/lazy.js', 'src/main.js', 'src/shared.js']),
  )
})

test('flush: a token that is missing is named', async () => {
  const { dir } = await build({ bundler: 'rollup', options: reaching(unreachable, 'errorHandler() {}') })
  const { code, stdout } = await flush(dir, `{ org: 'acme', project: 'web' }`)
  expect(code).toBe(1)
  expect(stdout).toContain('1 build waits for sentry: No auth token. Set SENTRY_AUTH_TOKEN')
})

test('flush: options are checked', async () => {
  const { dir } = await build({ bundler: 'rollup', options: reaching(unreachable, 'errorHandler() {}') })
  const { code, stderr } = await flush(dir, '{ orgg: 1 }')
  expect(code).toBe(1)
  expect(stderr).toContain('There is no option "orgg". Did you mean "org"?')
})
