import { describe, expect, test } from 'vitest'
import { planOf } from '../src/plan.ts'
import { setOptions } from '../src/set-options.ts'
import { build, reaching, run } from './build.ts'
import { server, useRecorder } from './recorder.ts'
import { uploadedNames } from './uploaded.ts'

/** Values as configs in circulation have them: unset ones, those of conditions, one where a list is usual, and those that are wrong. */

useRecorder()

const rollup = (options: string, env?: NodeJS.ProcessEnv) =>
  build({ bundler: 'rollup', options, config: `{ output: { sourcemap: 'hidden' } }`, ...(env && { env }) })

describe('unset', () => {
  test.each([[undefined], [null], [false], [{}]])('options: %j', given => {
    expect(setOptions(given as never)).toEqual({})
  })

  test('null, blank texts, and groups and values that a condition switches off', () => {
    const given = {
      org: '',
      project: null,
      authToken: false,
      url: ' ',
      errorHandler: false,
      sourcemaps: false,
      release: { name: '', dist: null, create: false, setCommits: false, deploy: undefined },
      bundleSizeOptimizations: null,
      reactComponentAnnotation: '',
    }
    expect(setOptions(given as never)).toEqual({ release: { create: false, setCommits: false } })
  })

  test('a build with them is one without', async () => {
    const env = { SENTRY_ORG: 'acme', SENTRY_PROJECT: 'web', SENTRY_TOKEN: 'sntryu_secret', SENTRY_HOST: server.url }
    const options = `{ org: null, authToken: false, sourcemaps: { assets: '', ignore: null, filesToDeleteAfterUpload: '' }, release: { name: '1', setCommits: false, deploy: null }, moduleMetadata: false, headers: { 'X-Team': undefined } }`
    const { code, stderr } = await rollup(options, env)
    expect(code, stderr).toBe(0)
    expect(uploadedNames(server)).toHaveLength(4)
    expect(server.requests.every(({ headers }) => !('x-team' in headers))).toBe(true)
  })
})

describe('one where a list is usual, and the other way round', () => {
  test('project: a text with commas is several, as in the variable', async () => {
    const { code, stderr } = await rollup(reaching(server, `project: 'web, api'`))
    expect(code, stderr).toBe(0)
    expect([...server.bundles.values()][0]?.associations).toEqual([{ projects: ['web', 'api'], version: '1.4.0' }])
  })

  test('lists of one item', async () => {
    const legacy = `[{ paths: 'dist', ext: 'js', stripPrefix: '../' }]`
    const more = `project: ['web'], sourcemaps: { assets: ['dist/**'], ignore: ['dist/lazy*'], filesToDeleteAfterUpload: ['dist/*.map'] }, release: { name: '1', setCommits: false, uploadLegacySourcemaps: ${legacy} }`
    const { code, stderr, files } = await rollup(reaching(server, more))
    expect(code, stderr).toBe(0)
    expect([...files.keys()].filter(name => name.endsWith('.map'))).toEqual([])
    expect(uploadedNames(server).filter(name => name.includes('main'))).toHaveLength(4)
  })

  test('an entry without paths is refused', async () => {
    const { code, stderr } = await rollup(
      reaching(server, `release: { name: '1', setCommits: false, uploadLegacySourcemaps: { ext: ['js'] } }`),
    )
    expect(code).toBe(1)
    expect(stderr).toContain('An entry of "uploadLegacySourcemaps" has no "paths".')
  })
})

describe('filesToDeleteAfterUpload: a promise', () => {
  test('of nothing deletes nothing', async () => {
    const { code, files } = await rollup(
      reaching(server, 'sourcemaps: { filesToDeleteAfterUpload: Promise.resolve(undefined) }'),
    )
    expect(code).toBe(0)
    expect([...files.keys()].filter(name => name.endsWith('.map'))).toHaveLength(2)
  })

  test('that is rejected fails the build, and nothing else', async () => {
    // Made when it is read, as in a config that a bundler loads.
    const rejected = `sourcemaps: { get filesToDeleteAfterUpload() { return Promise.reject(new Error('no list')) } }`
    const failed = await rollup(reaching(server, rejected))
    expect(failed.code).toBe(1)
    expect(failed.stderr).toContain('no list')
    expect((await rollup(`{ ${rejected} }`)).code).toBe(0)
  })
})

test('name: a text that a command printed loses its line break', async () => {
  const { dir } = await rollup(`{ ...${reaching(server)}, release: { name: 'abc1234\\n', setCommits: false } }`)
  expect((await run(dir)).SENTRY_RELEASE).toEqual({ id: 'abc1234' })
})

test.each([
  [() => ({}), 'The plugin takes an object of options.'],
  ['acme', 'The plugin takes an object of options.'],
  [{ org: 7 }, '"org" takes a text, not a number.'],
  [{ project: { web: true } }, '"project" takes a text or a list of texts, not an object.'],
  [{ release: () => ({}) }, '"release" takes an object.'],
  [{ release: [] }, '"release" takes an object.'],
  [{ release: { name: Buffer.from('a') } }, '"release.name" takes a text, not an object.'],
  [{ release: { setCommits: true } }, '"release.setCommits" takes an object or false'],
  [{ release: { deploy: 'production' } }, '"release.deploy" takes an object or false'],
  [{ sourcemaps: { assets: () => [] } }, '"sourcemaps.assets" takes a glob or a list of globs, not a function.'],
  [
    { sourcemaps: { ignore: [/a/] } },
    '"sourcemaps.ignore" takes a glob or a list of globs, not a list of something else.',
  ],
  [
    { sourcemaps: { filesToDeleteAfterUpload: () => [] } },
    'takes a glob, a list of globs or a promise of them, not a function.',
  ],
  [{ sourcemaps: { disable: 'upload' } }, '"sourcemaps.disable" takes true, false or "disable-upload"'],
  [{ errorHandler: 'warn' }, '"errorHandler" takes a function'],
  [{ moduleMetadata: Promise.resolve({}) }, '"moduleMetadata" takes an object, or a function that returns one.'],
])('%j is refused', (options, message) => {
  expect(() => planOf(options as never)).toThrow(message)
})
