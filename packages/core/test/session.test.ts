import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { joinSession } from '../src/build/session.ts'
import { type Options, resolveOptions } from '../src/options.ts'
import type { Artifact, Destination } from '../src/types.ts'
import { openVault } from '../src/vault/locate.ts'

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
  await writeFile(join(dist(), 'a.js'), 'a.js\n//# sourceMappingURL=a.js.map\n')
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
