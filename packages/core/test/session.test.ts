import { constants } from 'node:buffer'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openBuild } from '../src/build/open-build.ts'
import { joinSession } from '../src/build/session.ts'
import type { Destination } from '../src/deliver/destination.ts'
import { forgetPending } from '../src/deliver/flush.ts'
import { longestMap } from '../src/map/size.ts'
import { type Options, resolveOptions } from '../src/options.ts'
import type { Artifact } from '../src/types.ts'
import { amendRecord } from '../src/vault/amend.ts'
import { openVault } from '../src/vault/locate.ts'
import { processName } from '../src/vault/process.ts'

let root: string
let lines: string[]
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'session-'))
  lines = []
})
afterEach(() => rm(root, { recursive: true }))

const artifact = (path: string): Artifact => ({
  path,
  debugId: '11111111-2222-8333-8444-555555555555',
  code: Buffer.from(path),
  map: Buffer.from('{"version":3,"mappings":""}'),
})

function options(more: Options = {}) {
  const write = (line: string) => void lines.push(line)
  return resolveOptions(
    { vault: 'vault', release: '1.0', logger: { info: write, warn: write, error: write }, ...more },
    {},
  )
}

const dist = () => join(root, 'dist')
const records = () => openVault('vault', root).records()

test('all outputs that overlap make one build, one record and one delivery', async () => {
  let deliveries = 0
  const destination: Destination = {
    name: 'count',
    async deliver(build) {
      deliveries += 1
      return { artifacts: build.files.length }
    },
  }
  const resolved = options({ destinations: [destination] })
  const [client, server] = [await joinSession(resolved, root), await joinSession(resolved, root)]
  await client.add(dist(), artifact('client.js'))
  await client.leave('done')
  expect(await records()).toEqual([])
  await server.add(dist(), artifact('server.js'))
  await server.leave('done')
  expect((await records()).map(({ files }) => files.map(({ path }) => path))).toEqual([['client.js', 'server.js']])
  expect(deliveries).toBe(1)
})

describe('a part that another follows', () => {
  let deliveries: string[][]
  const destination: Destination = {
    name: 'count',
    async deliver({ files }) {
      deliveries.push(files.map(({ path }) => path))
      return { artifacts: files.length }
    },
  }
  const start = () => joinSession(options({ destinations: [destination] }), root)
  const listeners = process.listenerCount('beforeExit')
  beforeEach(() => {
    deliveries = []
  })

  async function buildClient(): Promise<void> {
    const client = await start()
    await client.add(dist(), artifact('client.js'))
    await client.commit()
    await client.leave('done', true)
  }

  test('waits for it, and both are delivered at once', async () => {
    await buildClient()
    expect((await records())[0]?.state).toBe('open')
    const server = await start()
    await server.add(dist(), artifact('server.js'))
    await server.leave('done')
    expect(deliveries).toEqual([['client.js', 'server.js']])
    expect(await records()).toHaveLength(1)
    expect(process.listenerCount('beforeExit')).toBe(listeners)
  })

  test('is delivered alone where the process has nothing left to do', async () => {
    await buildClient()
    await process.listeners('beforeExit').at(-1)?.call(process, 0)
    expect(deliveries).toEqual([['client.js']])
    expect((await records())[0]?.state).toBeUndefined()
  })

  test('is left to `mapseal flush` where what follows fails', async () => {
    await mkdir(dist())
    await writeFile(join(dist(), 'client.js'), 'client.js')
    await buildClient()
    await (await start()).leave('failed')
    expect(deliveries).toEqual([])
    expect(await records()).toMatchObject([{ state: 'failed', deliveries: { count: { state: 'pending' } } }])
  })

  test('is not waited for once it has failed itself', async () => {
    const client = await start()
    await client.add(dist(), artifact('client.js'))
    await client.leave('failed', true)
    expect(process.listenerCount('beforeExit')).toBe(listeners)
  })

  test('may be built again, by another plugin instance', async () => {
    await buildClient()
    const again = await start()
    expect(again.claim(join(dist(), 'client.js'), {})).toBe(true)
    await again.leave('failed')
  })
})

test('a failed output leaves no record, and the next build starts anew', async () => {
  const first = await joinSession(options(), root)
  await first.add(dist(), artifact('a.js'))
  await first.leave('failed')
  expect(await records()).toEqual([])
  const second = await joinSession(options(), root)
  await second.add(dist(), artifact('b.js'))
  await second.leave('done')
  expect(await records()).toHaveLength(1)
})

test.each([
  ['releases', { release: '1.0' }, { release: '2.0' }],
  ['destinations', { destinations: [named('web')] }, { destinations: [named('api')] }],
])('apps with different %s that are built at once are two builds', async (_, one, other) => {
  const [first, second] = [await joinSession(options(one), root), await joinSession(options(other), root)]
  await first.add(dist(), artifact('first.js'))
  await second.add(join(root, 'other'), artifact('second.js'))
  await first.leave('done')
  await second.leave('done')
  const builds = (await records()).map(({ files }) => files.map(({ path }) => path))
  expect(builds).toEqual([['second.js'], ['first.js']])
})

/** Two of one vendor, for two of its projects. */
function named(identity: string): Destination {
  return { name: 'vendor', identity, deliver: async build => ({ artifacts: build.files.length }) }
}

test('one line sums up the build', async () => {
  const session = await joinSession(options(), root)
  await session.add(dist(), artifact('a.js'))
  await session.add(dist(), { ...artifact('b.js'), debugId: '2' }, 'it has no source map')
  await session.leave('done')
  expect(lines).toHaveLength(2)
  expect(lines[0]).toBe('[mapseal] [maps] b.js cannot be decoded: it has no source map.')
  expect(lines[1]).toMatch(
    /^\[mapseal\] 2 scripts, 1 decodable · release 1\.0 · source maps kept in vault · \d+\.\d\d s$/,
  )
})

const refusing: Destination = {
  name: 'refusing',
  deliver: async () => {
    throw new Error('401 Unauthorized.')
  },
}

test('a failed delivery warns, and the record says what is pending', async () => {
  const session = await joinSession(options({ destinations: [refusing], onError: 'warn' }), root)
  await session.add(dist(), artifact('a.js'))
  await session.leave('done')
  expect(lines.join('\n')).toContain(
    '[refusing] Not delivered: 401 Unauthorized. The source maps are safe in the vault.',
  )
  expect(lines.at(-1)).toContain('not yet delivered to refusing')
  expect((await records())[0]?.deliveries.refusing).toMatchObject({ state: 'failed', message: '401 Unauthorized.' })
})

test('a failed delivery fails the build where onError says so, with the maps in the vault', async () => {
  const session = await joinSession(options({ destinations: [refusing], onError: 'fail' }), root)
  await session.add(dist(), artifact('a.js'))
  await expect(session.leave('done')).rejects.toThrow(/The build is stopped because onError is "fail".*401/)
  expect(await records()).toHaveLength(1)
  expect(lines.join('\n'), 'the error says it').not.toContain('401')
})

test('one warning for each cause, whatever the number of files', async () => {
  const session = await joinSession(options(), root)
  await session.add(dist(), artifact('a.js'))
  for (let file = 1; file <= 5; file++) {
    await session.add(dist(), { ...artifact(`b${file}.js`), debugId: `${file}` }, 'it has no source map')
  }
  for (let file = 1; file <= 8; file++) {
    await session.add(dist(), { ...artifact(`c${file}.js`), debugId: `c${file}` }, `it is broken at byte ${file}`)
  }
  await session.leave('done')
  expect(lines.slice(0, -1)).toEqual([
    '[mapseal] [maps] 5 files cannot be decoded: it has no source map (b1.js, b2.js, b3.js, … The report lists them).',
    ...[1, 2, 3, 4].map(file => `[mapseal] [maps] c${file}.js cannot be decoded: it is broken at byte ${file}.`),
    '[mapseal] [maps] …and 4 more causes; the report lists them.',
  ])
})

test('source maps are said to be kept only where there are any', async () => {
  const mapless = (path: string): Artifact => ({ path, debugId: path, code: Buffer.from(path) })
  const session = await joinSession(options({ destinations: [refusing], onError: 'warn' }), root)
  await session.add(dist(), mapless('a.js'), 'it has no source map')
  await session.leave('done')
  expect(lines.join('\n')).not.toMatch(/maps kept|maps are/)
  expect(lines.filter(line => line.includes('it has no source map'))).toHaveLength(1)

  await mkdir(dist())
  for (const path of ['a.js', 'b.js']) await writeFile(join(dist(), path), path)
  const failing = async (...artifacts: Artifact[]) => {
    lines.length = 0
    const failed = await joinSession(options(), root)
    for (const each of artifacts) await failed.add(dist(), each)
    await failed.leave('failed')
    return lines.at(-1)
  }
  expect(await failing(mapless('a.js'))).toBe(
    '[mapseal] [build] The build failed after 1 file had been written. None of them has a source map.',
  )
  expect(await failing(mapless('a.js'), artifact('b.js'))).toBe(
    '[mapseal] [build] The build failed after 2 files had been written. The source maps of 1 of them are kept in vault.',
  )
})

test('"later" delivers nothing and says what is pending', async () => {
  const session = await joinSession(options({ destinations: [refusing], deliver: 'later' }), root)
  await session.add(dist(), artifact('a.js'))
  await session.leave('done')
  expect((await records())[0]?.deliveries.refusing?.state).toBe('pending')
  expect(lines.at(-1)).toContain('not yet delivered to refusing')
})

test('reports source that another tool left in the output', async () => {
  const output = await mkdtemp(join(root, 'dist-'))
  await writeFile(join(output, 'other.js'), 'run()\n//# sourceMappingURL=other.js.map')
  await writeFile(join(output, 'other.js.map'), '{}')
  await writeFile(join(output, 'other.js.map'), '{}')
  const session = await joinSession(options({ onError: 'fail' }), root)
  await session.add(output, artifact('a.js'))
  await expect(session.leave('done')).rejects.toThrow(/other\.js still reveals source \(sourceMappingURL\)/)
})

test('reports a copy of a vault in the output', async () => {
  const store = openVault('dist/copied', root)
  const pack = store.newPack()
  await pack.put(artifact('earlier.js'))
  await pack.commit()
  const session = await joinSession(options({ onError: 'fail' }), root)
  await session.add(dist(), artifact('a.js'))
  await expect(session.leave('done')).rejects.toThrow(
    /dist\/copied\/packs\/\S+ still reveals source \(vault\)\. A vault must not be copied into the output: remove it\./,
  )
})

test('a script that has changed since it was sealed is read again', async () => {
  const session = await joinSession(options(), root)
  await session.add(dist(), artifact('a.js'))
  await mkdir(dist())
  await writeFile(join(dist(), 'a.js'), 'a.js\n//# sourceMappingURL=https://cdn.example/a.js.map\n')
  const report = await session.leave('done')
  expect(report?.leaks).toEqual([{ path: 'a.js', outDir: 'dist', kind: 'sourceMappingURL' }])
})

test('maps that stay in the output and are delivered nowhere are not stored', async () => {
  const session = await joinSession(options({ output: 'keep' }), root)
  await session.add(dist(), artifact('a.js'))
  const report = await session.leave('done')
  expect(report).toMatchObject({ scripts: 1, decodable: 1, build: { files: [{ path: 'a.js' }] } })
  expect(await records()).toEqual([])
  expect(lines[0]).toMatch(/^\[mapseal\] 1 script, 1 decodable · release 1\.0 · source maps left beside the code · /)
  await expect(stat(join(root, 'vault'))).rejects.toThrow('ENOENT')
})

test('a build without scripts says so', async () => {
  await (await joinSession(options(), root)).leave('done')
  expect(lines[0]).toMatch(/No script was generated/)
  expect(lines[1]).toMatch(/^\[mapseal\] 0 scripts, 0 decodable · release 1\.0 · nothing to keep · /)
})

const taking: Destination = { name: 'taking', deliver: async build => ({ artifacts: build.files.length }) }

test.each([
  ['no script was generated', [], /No script was generated/],
  ['0 of 1 scripts decode', ['a.js'], /0 of 1 script can be decoded \(it has no source map\)/],
] as const)('with a destination, %s is a failure', async (_, paths, message) => {
  const session = await joinSession(options({ destinations: [taking], onError: 'fail' }), root)
  for (const path of paths) await session.add(dist(), artifact(path), 'it has no source map')
  await expect(session.leave('done')).rejects.toThrow(message)
})

test('without one, it is a warning', async () => {
  const session = await joinSession(options({ onError: 'fail' }), root)
  await session.add(dist(), artifact('a.js'), 'it has no source map')
  await session.leave('done')
  expect(lines[0]).toMatch(/0 of 1 script can be decoded/)
})

test('the report holds what the line says', async () => {
  const session = await joinSession(options({ report: 'reports/new/report.json' }), root)
  await session.add(dist(), artifact('a.js'))
  const returned = await session.leave('done')
  const report = JSON.parse(await readFile(join(root, 'reports/new/report.json'), 'utf8'))
  expect(report).toEqual(JSON.parse(JSON.stringify(returned)))
  expect(report).toMatchObject({ scripts: 1, decodable: 1, leaks: [], build: { release: { name: '1.0' } } })
})

test('warns after the build about a report that cannot be written', async () => {
  await writeFile(join(root, 'file'), '')
  const session = await joinSession(options({ report: 'file/report.json' }), root)
  await session.add(dist(), artifact('a.js'))
  await session.leave('done')
  expect(lines[0]).toMatch(/^\[mapseal\] \[report\] file\/report\.json cannot be written: .*\. Name another file\.$/)
  expect(lines[1]).toContain('1 script, 1 decodable')
})

test('a file belongs to the first plugin instance that asks', async () => {
  const session = await joinSession(options(), root)
  const [one, other] = [{}, {}]
  expect(session.claim('/dist/a.js', one)).toBe(true)
  expect(session.claim('/dist/a.js', other)).toBe(false)
  expect(session.claim('/dist/a.js', one)).toBe(true)
  await session.leave('failed')
})

test('a second copy of the module joins the same build', async () => {
  // A second copy, as made by a tool that compiles a config and its imports to CommonJS.
  const copy = '../src/build/session.ts?copy'
  const other: { joinSession: typeof joinSession } = await import(/* @vite-ignore */ copy)
  expect(other.joinSession).not.toBe(joinSession)
  const [client, server] = [await joinSession(options(), root), await other.joinSession(options(), root)]
  await client.add(dist(), artifact('client.js'))
  await client.commit()
  expect(await client.leave('done')).toBeUndefined()
  await server.leave('done')
  expect(await records()).toHaveLength(1)
})

test('a build whose files left the output is open until it ends, and names its process', async () => {
  const session = await joinSession(options(), root)
  await session.add(dist(), artifact('a.js'))
  await session.commit()
  expect(await records()).toMatchObject([{ state: 'open', openedBy: processName() }])
  await session.leave('done')
  const [record] = await records()
  expect([record?.state, record?.openedBy]).toEqual([undefined, undefined])
})

describe('what another process did to an open record stays', () => {
  const sent: [files: string[], isAddition: boolean | undefined][] = []
  const counting: Destination = {
    name: 'counting',
    async deliver({ files }, _artifacts, { isAddition }) {
      sent.push([files.map(({ path }) => path), isAddition])
      return { artifacts: files.length }
    },
  }
  const at = '2026-11-21T10:00:00.000Z'

  async function opened(more: Options = {}) {
    sent.length = 0
    const session = await joinSession(options({ destinations: [counting], ...more }), root)
    await session.add(dist(), artifact('a.js'))
    await session.commit()
    const [record] = await records()
    return { session, id: record?.id as string }
  }

  const deliverElsewhere = (id: string) =>
    amendRecord(openVault('vault', root), id, record => ({
      ...record,
      deliveries: { counting: { state: 'delivered', at, artifacts: record.files.length } },
    }))

  test('what it delivered is not sent again', async () => {
    const { session, id } = await opened()
    await deliverElsewhere(id)
    await session.leave('done')
    expect(sent).toEqual([])
    expect((await records())[0]?.deliveries).toEqual({ counting: { state: 'delivered', at, artifacts: 1 } })
  })

  test('what was added since is sent', async () => {
    const { session, id } = await opened()
    await deliverElsewhere(id)
    await session.add(dist(), { ...artifact('b.js'), debugId: '22222222-2222-8333-8444-555555555555' })
    await session.leave('done')
    expect(sent).toEqual([[['b.js'], true]])
    expect((await records())[0]?.deliveries.counting).toMatchObject({ state: 'delivered', artifacts: 2 })
  })

  test('what it dropped is not pending again', async () => {
    const { session } = await opened({ deliver: 'later' })
    expect(await forgetPending(openVault('vault', root), ['counting'])).toBe(1)
    await session.leave('done')
    expect((await records())[0]?.deliveries).toEqual({})
  })

  test('of a build that fails, too', async () => {
    await mkdir(dist())
    const { session, id } = await opened()
    await writeFile(join(dist(), 'a.js'), 'a.js')
    await deliverElsewhere(id)
    await session.leave('failed')
    expect(await records()).toMatchObject([{ id, state: 'failed', deliveries: { counting: { state: 'delivered' } } }])
  })
})

test('a build is the newest, even if the clock went back since the one before', async () => {
  const later = new Date(Date.now() + 10 * 365 * 86_400_000).toISOString()
  const id = `${later.replace(/[-:.]/g, '')}-00000000`
  await openVault('vault', root).record({ id, version: 1, createdAt: later, files: [], deliveries: {} })
  const session = await joinSession(options(), root)
  await session.add(dist(), artifact('a.js'))
  await session.leave('done')
  const [newest, before] = await records()
  expect([newest?.files.length, before?.id]).toEqual([1, id])
  expect(Date.parse(newest?.createdAt ?? '')).toBeLessThanOrEqual(Date.now())
})

test('what goes wrong with pruning is a warning, even if onError is "fail"', async () => {
  await mkdir(join(root, 'vault/builds'), { recursive: true })
  await writeFile(join(root, 'vault/builds/20261121T100000000Z-00000000.json'), '{')
  const session = await joinSession(options({ onError: 'fail' }), root)
  await session.add(dist(), artifact('a.js'))
  await session.leave('done')
  expect(lines[0]).toMatch(
    /^\[mapseal\] \[vault\] No pack was pruned: .*20261121T100000000Z-00000000\.json cannot be read/,
  )
  expect(lines[1]).toContain('1 script, 1 decodable')
})

test('a map that no tool could read is refused at the build, with the reason', async () => {
  const build = await openBuild(options(), root, 'key', 100)
  const map = Buffer.from(`{"version":3,"mappings":"","sourcesContent":["${'x'.repeat(100)}"]}`)
  await build.add(dist(), { ...artifact('a.js'), map })
  await build.add(dist(), { ...artifact('b.js'), debugId: '2' })
  await build.commit()
  const report = await build.end('done')
  expect(report).toMatchObject({ scripts: 2, decodable: 1 })
  const [record] = await records()
  expect(record?.files).toMatchObject([
    { path: 'a.js', problem: expect.stringMatching(/^its source map has 1 MB and tools read at most 1 MB; split/) },
    { path: 'b.js', map: expect.anything() },
  ])
  expect(record?.files[0]).not.toHaveProperty('map')
  expect(lines).toContainEqual(
    expect.stringMatching(/^\[mapseal\] \[maps\] a\.js cannot be decoded: its source map has/),
  )
})

test.each([
  ['their maps together', 300],
  ['the joined map', 420],
])('the scripts of a page are refused where %s would be too large', async (_, limit) => {
  const build = await openBuild(options(), root, 'key', limit)
  const ids = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222']
  const codes = ids.map((id, index) => `register("${id}");const x${index}=${index}`)
  for (const [index, debugId] of ids.entries()) {
    const map = Buffer.from(`{"version":3,"sources":["a"],"names":[],"mappings":"AAAA","x":"${'x'.repeat(110)}"}`)
    await build.add(dist(), { path: `${index}.js`, debugId, code: Buffer.from(codes[index] as string), map })
  }
  await build.commit()
  await mkdir(dist(), { recursive: true })
  await writeFile(join(dist(), 'index.html'), codes.map(code => `<script>${code}</script>`).join('\n'))
  expect(await build.end('done')).toMatchObject({ scripts: 2, decodable: 0 })
  const [record] = await records()
  for (const file of record?.files ?? []) {
    expect(file).toMatchObject({
      path: 'index.html',
      fate: 'inlined',
      problem: expect.stringContaining('tools read at'),
    })
    expect(file).not.toHaveProperty('map')
  }
})

test('the limit is the longest string of V8', () => {
  expect(longestMap).toBe(constants.MAX_STRING_LENGTH)
})

describe('a destination without credentials', () => {
  const destination = (lack?: string): Destination => ({
    name: 'vendor',
    registries: [{ global: '_vendorIds' }],
    lacks: async () => lack,
    async deliver() {
      if (lack) throw new Error(lack)
      return { artifacts: 1 }
    },
  })
  const lacking = destination('No token. Set VENDOR_TOKEN.')
  afterEach(() => vi.unstubAllEnvs())

  async function buildOne(more: Options): Promise<string> {
    const session = await joinSession(options(more), root)
    await session.add(dist(), artifact('a.js'))
    await session.commit()
    const snippet = session.snippet(false)
    await session.leave('done')
    return snippet
  }

  test('is passed over outside CI with one line, and nothing waits for it', async () => {
    vi.stubEnv('CI', 'false')
    const snippet = await buildOne({ destinations: [lacking, { ...destination(), name: 'other' }] })
    expect(lines.filter(line => line.includes('vendor'))).toEqual([
      '[mapseal] [vendor] Skipped outside CI: No token. Set VENDOR_TOKEN.',
    ])
    expect(lines.at(-1)).toMatch(/ · delivered to other · /)
    expect((await records())[0]?.deliveries).toEqual({ other: expect.objectContaining({ state: 'delivered' }) })
    // The output is the same as where it delivers.
    expect(snippet).toContain('_vendorIds')
  })

  test('fails in CI', async () => {
    vi.stubEnv('CI', 'true')
    await buildOne({ destinations: [lacking] })
    expect((await records())[0]?.deliveries).toMatchObject({ vendor: { state: 'failed' } })
  })

  test("is pending with deliver: 'later': another machine delivers", async () => {
    vi.stubEnv('CI', 'false')
    await buildOne({ destinations: [lacking], deliver: 'later' })
    expect((await records())[0]?.deliveries).toMatchObject({ vendor: { state: 'pending' } })
  })

  test('that cannot even tell is tried', async () => {
    vi.stubEnv('CI', 'false')
    const lacks = () => Promise.reject(new Error('told to nobody'))
    await buildOne({ destinations: [{ ...lacking, lacks }] })
    expect((await records())[0]?.deliveries).toMatchObject({ vendor: { state: 'failed' } })
  })
})

describe('a script that gives its SDK a release', () => {
  const count: Destination = { name: 'count', deliver: async () => ({ artifacts: 1 }) }
  async function warningsFor(code: string, more: Options = {}): Promise<string[]> {
    const session = await joinSession(options({ destinations: [count], ...more }), root)
    await session.add(dist(), { ...artifact('a.js'), code: Buffer.from(code) })
    await session.leave('done')
    return lines.filter(line => line.includes('[release]'))
  }

  test('other than that of the build is reported', async () => {
    expect(await warningsFor('init({dsn:"https://k@h/1",release:"2.0"})')).toEqual([
      '[mapseal] [release] a.js gives the release "2.0" to its SDK, but the build is "1.0" (option). Leave "release" out of the SDK\'s options, or set the same name for both, such as in SENTRY_RELEASE.',
    ])
  })

  test('as undefined is reported, since that goes over the injected one', async () => {
    expect(await warningsFor('init({dsn:t,release:void 0})')).toEqual([
      expect.stringContaining('gives no release to its SDK'),
    ])
  })

  test.each([
    ['the same', 'init({dsn:t,release:"1.0"})', {}],
    ['and a build without one', 'init({dsn:t,release:"2.0"})', { release: false as const }],
    ['and a build that is delivered nowhere', 'init({dsn:t,release:"2.0"})', { destinations: [] }],
  ])('is not reported: %s', async (_, code, more) => {
    expect(await warningsFor(code, more)).toEqual([])
  })
})

test('a destination that only adds to the snippet is neither delivered to nor pending', async () => {
  const destination: Destination = {
    name: 'quiet',
    isSnippetOnly: true,
    globals: { TEAM: 'web' },
    registries: [{ global: 'DATA', entry: (_debugId, release) => release?.name }],
    deliver: async () => {
      throw new Error('delivered')
    },
  }
  const session = await joinSession(options({ destinations: [destination] }), root)
  expect(session.snippet(false)).toContain('e.TEAM="web";')
  expect(session.snippet(false)).toContain('e.DATA[n]="1.0"')
  expect(session.supplement(false)).toContain('e.TEAM="web";')
  await session.add(dist(), artifact('a.js'))
  await session.leave('done')
  expect((await records()).map(({ deliveries }) => deliveries)).toEqual([{}])
})

test('a function decides what a failed delivery means for the build', async () => {
  const failing: Destination = { name: 'failing', deliver: () => Promise.reject(new Error('no answer')) }
  const handled: Error[] = []
  const calm = await joinSession(options({ destinations: [failing], onError: error => void handled.push(error) }), root)
  await calm.add(dist(), artifact('a.js'))
  await calm.leave('done')
  expect(handled.map(({ message }) => message)).toEqual([
    expect.stringContaining('[failing] Not delivered: no answer.'),
  ])
  const strict = {
    destinations: [failing],
    release: '2.0',
    onError: (error: Error) => {
      throw error
    },
  }
  const session = await joinSession(options(strict), root)
  await session.add(dist(), artifact('a.js'))
  await expect(session.leave('done')).rejects.toThrow('Not delivered: no answer.')
})
