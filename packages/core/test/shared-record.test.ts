import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openBuild } from '../src/build/open-build.ts'
import { deliverBuild } from '../src/deliver/deliver.ts'
import type { Destination } from '../src/deliver/destination.ts'
import { resolveOptions } from '../src/options.ts'
import type { Artifact, BuildRecord } from '../src/types.ts'
import { amendRecord } from '../src/vault/amend.ts'
import { openVault } from '../src/vault/locate.ts'

/** Builds and deliveries that change one record at the same time. */

let root: string
/** Paths, by delivery. */
let sent: string[][]
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'shared-'))
  sent = []
})
afterEach(async () => {
  delete process.env.MAPSEAL_BUILD
  await rm(root, { recursive: true })
})

const logger = { info() {}, warn() {}, error() {} }
const vault = () => openVault('vault', root)
const record = async () => (await vault().records())[0] as BuildRecord
const paths = ({ files }: Pick<BuildRecord, 'files'>) => files.map(({ path }) => path)

let ids = 0
const artifact = (path: string): Artifact => ({
  path,
  debugId: `00000000-0000-8000-8000-${String(++ids).padStart(12, '0')}`,
  code: Buffer.from(path),
  map: Buffer.from('{"version":3,"mappings":""}'),
})

function destination(before: () => Promise<void> = async () => {}): Destination {
  return {
    name: 'mine',
    async deliver(build) {
      await before()
      sent.push(paths(build))
      return { artifacts: build.files.length }
    },
  }
}

/** As in a process of its own: nothing of it is in this one's memory of builds. */
function build(key: string, destinations: Destination[] = [destination()]) {
  const options = resolveOptions({ vault: 'vault', release: '1.0', destinations, onError: 'warn', logger }, {})
  return openBuild(options, root, key)
}

/** A gate that is waited for. */
function gate() {
  let open = () => {}
  const opened = new Promise<void>(done => {
    open = done
  })
  return { open, opened }
}

const deliver = async (mine: Destination) => {
  const signal = new AbortController().signal
  const fetch = () => Promise.reject(new Error('not used'))
  await deliverBuild(await record(), { vault: vault(), destinations: [mine], logger, fetch, signal })
}

test('a slow flush does not say that what was added meanwhile is delivered', async () => {
  const app = await build('app')
  await app.add(join(root, 'dist'), artifact('a.js'))
  await app.commit()
  const { open, opened } = gate()
  const flushing = deliver(destination(() => opened))
  await app.add(join(root, 'dist'), artifact('b.js'))
  await app.commit()
  open()
  await flushing
  expect((await record()).deliveries.mine).toMatchObject({ state: 'pending', earlier: 1 })
  await app.end('done')
  expect(sent).toEqual([['a.js'], ['a.js', 'b.js']])
  expect(await record()).toMatchObject({ deliveries: { mine: { state: 'delivered', artifacts: 2 } } })
  expect(paths(await record())).toEqual(['a.js', 'b.js'])
})

test('a slow flush that ends after the build changes nothing of what the build delivered', async () => {
  const app = await build('app')
  await app.add(join(root, 'dist'), artifact('a.js'))
  await app.commit()
  const { open, opened } = gate()
  const flushing = deliver(destination(() => opened))
  await app.add(join(root, 'dist'), artifact('b.js'))
  await app.end('done')
  open()
  await flushing
  expect(await record()).toMatchObject({ deliveries: { mine: { state: 'delivered', artifacts: 2 } } })
  expect(paths(await record())).toEqual(['a.js', 'b.js'])
})

test('a slow flush of a build that is pruned meanwhile does not bring it back', async () => {
  const app = await build('app', [])
  await app.add(join(root, 'dist'), artifact('a.js'))
  await app.end('done')
  const { open, opened } = gate()
  const flushing = deliver(destination(() => opened))
  const { id } = await record()
  await vault().forget(id)
  open()
  await flushing
  expect(await vault().records()).toEqual([])
})

test('two processes of one command add to one record, and each sends what the other did not', async () => {
  process.env.MAPSEAL_BUILD = 'ci-1'
  const [client, server] = [await build('client'), await build('server')]
  await Promise.all([
    client.add(join(root, 'client'), artifact('a.js')),
    server.add(join(root, 'server'), artifact('b.js')),
  ])
  await Promise.all([client.commit(), server.commit()])
  expect(await vault().records()).toHaveLength(1)
  await client.add(join(root, 'client'), artifact('c.js'))
  await client.end('done')
  await server.add(join(root, 'server'), artifact('d.js'))
  await server.end('done')
  expect(await vault().records()).toHaveLength(1)
  const { files, state, deliveries } = await record()
  expect(files.map(({ outDir, path }) => `${outDir}/${path}`)).toEqual([
    'client/a.js',
    'client/c.js',
    'server/b.js',
    'server/d.js',
  ])
  expect([state, deliveries.mine?.state]).toEqual([undefined, 'delivered'])
  expect(sent).toEqual([['a.js', 'c.js', 'b.js'], ['d.js']])
})

test('of two that end at once, neither says that the files of the other are delivered', async () => {
  process.env.MAPSEAL_BUILD = 'ci-1'
  const { open, opened } = gate()
  const slow = await build('client', [destination(() => opened)])
  const other = await build('server', [{ ...destination(), deliver: () => Promise.reject(new Error('503')) }])
  await slow.add(join(root, 'client'), artifact('a.js'))
  const ending = slow.end('done')
  await expect.poll(async () => (await vault().records()).length).toBe(1)
  await other.add(join(root, 'server'), artifact('b.js'))
  await other.end('done')
  open()
  await ending
  const { deliveries } = await record()
  expect(paths(await record())).toEqual(['a.js', 'b.js'])
  // What was sent may have been the first file alone, and then the second is pending.
  expect(deliveries.mine?.state === 'delivered').toBe(sent.flat().length === 2)
})

test('a record is open until all its processes have ended, and no longer', async () => {
  const app = await build('app')
  await app.add(join(root, 'dist'), artifact('a.js'))
  await app.commit()
  const { id, openedBy } = await record()
  const both = `1.elsewhere ${openedBy}`
  await amendRecord(vault(), id, open => ({ ...open, openedBy: both }))
  await app.end('done')
  expect(await record()).toMatchObject({ state: 'open', openedBy: '1.elsewhere' })
})

test('a part that fails takes its own files out of the record, and no others', async () => {
  process.env.MAPSEAL_BUILD = 'ci-1'
  const [kept, failing] = [await build('kept'), await build('failing')]
  await kept.add(join(root, 'kept'), artifact('a.js'))
  await kept.commit()
  await failing.add(join(root, 'failing'), artifact('b.js'))
  await failing.commit()
  await kept.end('done')
  await failing.end('failed')
  expect(paths(await record())).toEqual(['a.js'])
  expect((await record()).state).toBeUndefined()
})

test('a build whose other part was withdrawn begins with its own files', async () => {
  process.env.MAPSEAL_BUILD = 'ci-1'
  const failing = await build('failing')
  await failing.add(join(root, 'failing'), artifact('a.js'))
  await failing.commit()
  await failing.end('failed')
  expect(await record()).toMatchObject({ state: 'failed', files: [], deliveries: {} })
  const next = await build('next')
  await next.add(join(root, 'next'), artifact('b.js'))
  await next.end('done')
  expect(await vault().records()).toHaveLength(1)
  expect(await record()).toMatchObject({ deliveries: { mine: { state: 'delivered' } } })
  expect(paths(await record())).toEqual(['b.js'])
})

test('another command, release or destination is another build', async () => {
  for (const [command, destinations] of [
    ['ci-1', []],
    ['ci-2', []],
    ['ci-2', [destination()]],
  ] as const) {
    process.env.MAPSEAL_BUILD = command
    const app = await build(`${command} ${destinations.length}`, [...destinations])
    await app.add(join(root, `${command}-${destinations.length}`), artifact('a.js'))
    await app.end('done')
  }
  expect(await vault().records()).toHaveLength(3)
})
