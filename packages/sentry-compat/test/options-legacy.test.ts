import { describe, expect, test } from 'vitest'
import { build, reaching, run } from './build.ts'
import { server, useRecorder } from './recorder.ts'
import { uploadedFiles, uploadedMaps, uploadedNames } from './uploaded.ts'

/** `release.uploadLegacySourcemaps` with every field of its entries, and version 1 of the webpack plugin. */

useRecorder()

const map = (sources: string[], more = {}) =>
  JSON.stringify({ version: 3, sources, names: [], mappings: 'AAAA', ...more })

/** Files that another tool has built. */
const files = {
  'built/a.js': 'a()\n//# sourceMappingURL=maps/a.json.map\n',
  'built/maps/a.json.map': map(['/build/agent/src/a.ts', '/build/agent/src/b.ts'], { sourcesContent: ['a', 'b'] }),
  'built/sub/b.js': 'b()\n',
  'built/sub/b.js.map': map(['../../src/main.js']),
  'built/c.jsbundle': 'c()\n',
  'built/page.html': '<p>',
  'built/node_modules/x.js': 'x()\n',
  'built/vendor/y.js': 'y()\n',
  'built/.uploadignore': '# comment\nvendor/\n!vendor/y.js\n/sub\n',
}

const upload = (entries: string, more = '') =>
  build({
    bundler: 'rollup',
    options: `{ ...${reaching(server)}, sourcemaps: { disable: true }, release: { name: '1.4.0', setCommits: false, uploadLegacySourcemaps: ${entries} } ${more} }`,
    files,
  })
const all = ['~/a.js', '~/a.js.map', '~/c.jsbundle', '~/sub/b.js', '~/sub/b.js.map', '~/vendor/y.js']

test('a path: what is below it, by URL and release', async () => {
  const { code, stderr } = await upload(`'built'`)
  expect(code, stderr).toBe(0)
  expect(uploadedNames(server)).toEqual(all)
  expect([...server.bundles.values()][0]?.associations).toEqual([{ projects: ['web'], version: '1.4.0' }])
  expect(server.calls().filter(call => call === 'POST releases/')).toHaveLength(1)
})

test('paths: files, folders and globs, each file once', async () => {
  await upload(`[{ paths: ['built/a.js', 'built/{sub,vendor}/*.js'] }, 'built/sub']`)
  expect(new Set(uploadedNames(server))).toEqual(
    new Set(['~/a.js', '~/a.js.map', '~/sub/b.js', '~/sub/b.js.map', '~/vendor/y.js', '~/b.js', '~/b.js.map']),
  )
})

test('paths: one where nothing is fails', async () => {
  const { code, stderr } = await upload(`'bulit'`)
  expect(code).toBe(1)
  expect(stderr).toContain('"uploadLegacySourcemaps" finds nothing at bulit.')
})

test.each([
  [
    'ignore',
    `{ paths: ['built'], ignore: ['sub', '*.jsbundle', 'node_modules'] }`,
    ['~/a.js', '~/a.js.map', '~/vendor/y.js'],
  ],
  [
    'ignoreFile',
    `{ paths: ['built'], ignoreFile: 'built/.uploadignore', ignore: 'node_modules' }`,
    ['~/a.js', '~/a.js.map', '~/c.jsbundle', '~/vendor/y.js'],
  ],
  ['ext', `{ paths: ['built'], ext: ['jsbundle', '.map'] }`, ['~/c.jsbundle']],
  [
    'urlPrefix',
    `{ paths: ['built/sub'], urlPrefix: 'https://cdn.example/static/js/' }`,
    ['https://cdn.example/static/js/b.js', 'https://cdn.example/static/js/b.js.map'],
  ],
  ['urlSuffix', `{ paths: ['built/sub'], urlSuffix: '?v=1' }`, ['~/b.js?v=1', '~/b.js?v=1.map']],
  [
    'sourceMapReference',
    `{ paths: ['built'], sourceMapReference: false }`,
    all.filter(name => name !== '~/sub/b.js.map'),
  ],
])('%s', async (_, entry, names) => {
  const { code, stderr } = await upload(entry)
  expect(code, stderr).toBe(0)
  expect(uploadedNames(server)).toEqual(names)
})

describe('rewrite', () => {
  const sectioned = JSON.stringify({
    version: 3,
    sections: [
      { offset: { line: 0, column: 0 }, map: JSON.parse(map(['one.ts'], { sourcesContent: ['1'] })) },
      { offset: { line: 1, column: 0 }, map: JSON.parse(map(['two.ts'], { sourcesContent: ['2'] })) },
    ],
  })
  const withSections = (rewrite: boolean) =>
    build({
      bundler: 'rollup',
      options: `{ ...${reaching(server)}, sourcemaps: { disable: true }, release: { name: '1', setCommits: false, uploadLegacySourcemaps: { paths: ['other'], rewrite: ${rewrite} } } }`,
      files: { 'other/s.js': 'one()\ntwo()\n', 'other/s.js.map': sectioned },
    })

  test('flattens maps with sections, and puts in the sources that they lack', async () => {
    await withSections(true)
    expect(uploadedMaps(server)).toMatchObject([{ sources: ['one.ts', 'two.ts'], sourcesContent: ['1', '2'] }])
    server.bundles.clear()
    await upload(`'built/sub'`)
    expect(uploadedMaps(server)).toMatchObject([{ sourcesContent: [expect.stringContaining('globalThis.mainDone')] }])
  })

  test('false leaves maps as they are', async () => {
    await withSections(false)
    expect(uploadedMaps(server)).toMatchObject([{ sections: [{}, {}] }])
  })
})

test.each([
  ['stripPrefix', `stripPrefix: ['/build/agent/']`, ['src/a.ts', 'src/b.ts']],
  ['stripCommonPrefix', 'stripCommonPrefix: true', ['a.ts', 'b.ts']],
])('%s', async (_, field, sources) => {
  await upload(`{ paths: ['built/a.js'], ${field} }`)
  expect(uploadedMaps(server)).toMatchObject([{ sources }])
})

test('validate: a map that is not valid stops the upload', async () => {
  const options = `{ ...${reaching(server)}, sourcemaps: { disable: true }, release: { name: '1', setCommits: false, uploadLegacySourcemaps: { paths: ['other'], rewrite: false, validate: true } } }`
  const { code, stderr } = await build({
    bundler: 'rollup',
    options,
    files: { 'other/s.js': 's()\n', 'other/s.js.map': '{"version":3,"sources":[],"names":[],"mappings":"AAAA!"}' },
  })
  expect(code).toBe(1)
  expect(stderr).toContain('s.js.map is not valid')
  expect(uploadedNames(server)).toEqual([])
})

test('beside debug IDs, the maps that went to the vault are uploaded by URL too', async () => {
  const options = `{ ...${reaching(server)}, release: { name: '1', setCommits: false, uploadLegacySourcemaps: { paths: ['dist'], urlPrefix: '~/static' } } }`
  const { code, stderr, files: output } = await build({ bundler: 'rollup', options })
  expect(code, stderr).toBe(0)
  expect([...output.keys()].filter(name => name.endsWith('.map'))).toEqual([])
  const byUrl = uploadedFiles(server).filter(({ url }) => url.startsWith('~/static/'))
  expect(byUrl.map(({ url }) => url.replace(/-[\w-]{8}\.js/, '.js'))).toEqual([
    '~/static/lazy.js',
    '~/static/lazy.js.map',
    '~/static/main.js',
    '~/static/main.js.map',
  ])
})

describe('version 1 of the webpack plugin', () => {
  const access = () => `org: 'acme', project: 'web', authToken: 'sntryu_secret', url: ${JSON.stringify(server.url)}`
  const hidden = `{ devtool: 'hidden-source-map' }`
  const webpack = (options: string) => build({ bundler: 'webpack', isVersion1: true, options, config: hidden })

  test('new SentryWebpackPlugin({ include }) uploads by URL and names the release in the code', async () => {
    const {
      code,
      stderr,
      dir,
      files: output,
    } = await webpack(
      `{ ${access()}, include: './dist', ignore: ['node_modules'], urlPrefix: '~/assets', release: '1.4.0', dist: '7', customHeader: 'X-Team: shop' }`,
    )
    expect(code, stderr).toBe(0)
    expect(uploadedNames(server).filter(url => url.startsWith('~/assets/'))).toHaveLength(4)
    expect([...output.keys()].filter(name => name.endsWith('.map'))).toHaveLength(2)
    expect((await run(dir)).SENTRY_RELEASE).toEqual({ id: '1.4.0' })
    expect(server.requests.every(({ headers }) => headers['x-team'] === 'shop')).toBe(true)
    const associations = [...server.bundles.values()].flatMap(bundle => bundle.associations)
    expect(associations.every(({ version, dist }) => version === '1.4.0' && dist === '7')).toBe(true)
  })

  test('entries of include have fields of their own; finalize and deploy', async () => {
    const { code, stderr } = await webpack(
      `{ ${access()}, include: [{ paths: ['dist'], urlPrefix: '~/one' }, { paths: 'src', ext: ['js'] }], release: '1', finalize: false, deploy: { env: 'qa' }, setCommits: { auto: true, ignoreMissing: true } , errorHandler: (error, fail) => {} }`,
    )
    expect(code, stderr).toBe(0)
  })

  test('dryRun sends nothing', async () => {
    const { code, stderr } = await webpack(`{ ${access()}, include: 'dist', release: '1', dryRun: true }`)
    expect(code, stderr).toBe(0)
    expect(server.requests).toEqual([])
  })

  test.each([
    ['entries', `entries: ['main']`],
    ['configFile', `configFile: 'x.properties'`],
    ['cleanArtifacts', 'cleanArtifacts: true'],
    ['inclood', 'inclood: 1'],
  ])('%s is refused', async (name, field) => {
    const { code, stderr } = await webpack(`{ ${access()}, include: 'dist', ${field} }`)
    expect(code).toBe(1)
    expect(stderr).toContain(`"${name}"`)
  })
})
