import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Connect, flushVault, openVault, reason, withClient } from '@mapseal/core'
import { sealFolder } from '@mapseal/core/folder'
import { createFetch } from '@mapseal/core/http'
import { sentry } from '@mapseal/destinations/sentry'
import rollupPlugin from 'mapseal/rollup'
import { rollup } from 'rollup'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isMap, readFolder } from './matrix/files.ts'
import { peers } from './reliability/peers.ts'
import { type FaultServer, faultServer } from './support/fault-server.ts'
import { type SentryServer, startSentry } from './support/sentry-server.ts'

/** Every fault of a delivery: the message that the user gets, and that nothing is lost or public. Writes docs/reliability.md. */

const chunks = /\/chunk-upload\/$/
const assemble = /\/assemble\/$/
const always = 1_000_000
const token = 'tok-0123456789-do-not-tell'

interface Fault {
  name: string
  arrange: (front: FaultServer, server: SentryServer) => void | Promise<void>
  /** The message that the user gets; absent where the delivery succeeds in spite of the fault. */
  tells?: RegExp
  heal?: (front: FaultServer) => Promise<void>
  url?: (front: FaultServer) => string
}

const faults: Fault[] = [
  {
    name: 'connection refused',
    arrange: front => front.refuse(),
    heal: front => front.accept(),
    tells: /ECONNREFUSED/,
  },
  {
    name: 'DNS failure',
    arrange() {},
    url: () => 'https://no-such-host.invalid',
    tells: /no-such-host\.invalid.*(ENOTFOUND|EAI_AGAIN)/,
  },
  { name: 'TLS failure', arrange() {}, url: front => front.url.replace('http:', 'https:'), tells: /TLS|SSL|EPROTO/i },
  {
    name: 'connection reset during the upload, once',
    arrange: front => front.fault('POST', chunks, { fault: 'reset-in-request' }),
  },
  {
    name: 'connection reset during the upload, always',
    arrange: front => front.fault('POST', chunks, { fault: 'reset-in-request' }, always),
    tells: /ECONNRESET|closed|reset/i,
  },
  {
    name: 'server accepts and never answers',
    arrange: front => front.fault('*', /.*/, { fault: 'hang' }, always),
    tells: /timed out|no answer|within/i,
  },
  {
    name: 'server answers at 1 byte/s',
    arrange: front => front.fault('*', /.*/, { fault: 'slow', everyMs: 1000 }, always),
    tells: /timed out|no answer|within/i,
  },
  {
    name: '401',
    arrange: front => front.fault('*', /.*/, { status: 401, body: { detail: 'Invalid token' } }, always),
    tells: /401.*Invalid token/s,
  },
  {
    name: '403',
    arrange: front => front.fault('*', /.*/, { status: 403, body: { detail: 'You do not have permission' } }, always),
    tells: /403.*permission/s,
  },
  {
    name: '404',
    arrange: front => front.fault('*', /.*/, { status: 404, body: { detail: 'Not found' } }, always),
    tells: /404|not found/i,
  },
  { name: '413, always', arrange: front => front.fault('POST', chunks, { fault: 'too-large' }, always), tells: /413/ },
  {
    name: '429 with Retry-After',
    arrange: front => front.fault('POST', chunks, { status: 429, headers: { 'retry-after': '1' } }),
  },
  { name: '429 without Retry-After', arrange: front => front.fault('POST', chunks, { status: 429 }) },
  { name: '500, once', arrange: front => front.fault('POST', chunks, { status: 500 }) },
  { name: '500, always', arrange: front => front.fault('POST', chunks, { status: 500 }, always), tells: /500/ },
  { name: '503, three times', arrange: front => front.fault('POST', chunks, { status: 503 }, 3) },
  {
    name: 'truncated JSON',
    arrange: front => front.fault('GET', chunks, { fault: 'truncated-json' }, always),
    tells: /JSON/,
  },
  {
    name: 'HTML page of a proxy with 200',
    arrange: front => front.fault('GET', chunks, { fault: 'html' }, always),
    tells: /HTML/,
  },
  {
    name: 'server never finishes processing',
    arrange: front =>
      front.fault('POST', assemble, { body: { state: 'assembling', detail: null, missingChunks: [] } }, always),
    tells: /has not processed the upload/,
  },
  {
    name: 'server fails to process',
    arrange: front =>
      front.fault(
        'POST',
        assemble,
        { body: { state: 'error', detail: 'the bundle is invalid', missingChunks: [] } },
        always,
      ),
    tells: /the bundle is invalid/,
  },
  {
    name: 'server keeps asking for the same chunk',
    arrange: front =>
      front.on('POST', assemble, ({ body }) => ({
        body: { state: 'not_found', missingChunks: JSON.parse(body.toString()).chunks },
      })),
    tells: /missing/i,
  },
  {
    name: 'clocks that differ by decades',
    arrange: front =>
      front.fault('POST', chunks, {
        status: 503,
        headers: { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT', date: 'Fri, 01 Jan 2100 00:00:00 GMT' },
      }),
  },
]

let dir: string
let front: FaultServer
let server: SentryServer
let lines: string[]
const rows: string[] = []
const write = (line: string) => void lines.push(line)
const logger = { info: write, warn: write, error: write }

const temp = process.env.TMPDIR
beforeEach(async () => {
  await mkdir(join(import.meta.dirname, '.tmp'), { recursive: true })
  dir = await mkdtemp(join(import.meta.dirname, '.tmp/fault-'))
  lines = []
  await mkdir(join(dir, 'tmp'))
  process.env.TMPDIR = join(dir, 'tmp')
  server = await startSentry({ maxWait: 1 })
  front = await faultServer()
  pass()
  await mkdir(join(dir, 'dist'))
  for (const name of ['a', 'b', 'c']) {
    await writeFile(join(dir, `dist/${name}.js`), `console.log("${name}")\n//# sourceMappingURL=${name}.js.map\n`)
    const map = {
      version: 3,
      sources: [`${name}.ts`],
      sourcesContent: [`console.log("${name}")`],
      names: [],
      mappings: 'AAAA',
    }
    await writeFile(join(dir, `dist/${name}.js.map`), JSON.stringify(map))
  }
})
afterEach(async () => {
  if (temp === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = temp
  await Promise.all([front.close(), server.close(), rm(dir, { recursive: true })])
})

/** Requests without a fault go on to the real server, whose own address never appears in an answer. */
function pass(): void {
  front.on('*', /.*/, async ({ method, path, query, headers, body }) => {
    const { authorization = '', 'content-type': type = '' } = headers
    const search = query.size > 0 ? `?${query}` : ''
    const init = { method, headers: { authorization, 'content-type': type } }
    const reply = await fetch(
      `${server.url}${path}${search}`,
      method === 'GET' ? init : { ...init, body: new Uint8Array(body) },
    )
    const text = (await reply.text()).replaceAll(server.url, front.url)
    return {
      status: reply.status,
      headers: { 'content-type': reply.headers.get('content-type') ?? 'text/plain' },
      body: text,
    }
  })
}

/** Short, so that tests do not wait; the defaults are in docs/network.md. */
const timeouts = { connect: 1000, headers: 700, body: 700, exchange: 5000, backoff: 10 }
const connect: Connect = async signal => createFetch({ signal, userAgent: 'test', timeouts })
const destinations = (url: string) => [sentry({ org: 'acme', project: 'web', authToken: token, url })]
const seal = (onError: 'fail' | 'warn', url: string) =>
  sealFolder(
    'dist',
    { vault: 'vault', release: '1.2.3', onError, logger, destinations: destinations(url) },
    dir,
    connect,
  )
const vault = () => openVault('vault', dir)
const flush = () =>
  withClient(connect, (fetch, signal) =>
    flushVault({ vault: vault(), destinations: destinations(front.url), logger, fetch, signal }),
  )

/** Asserts I1 and I5 after any fault. */
async function expectSafe(folder = 'dist'): Promise<void> {
  expect([...(await readFolder(join(dir, folder))).keys()].filter(isMap)).toEqual([])
  const [build] = await vault().records()
  const kept = []
  for await (const { path, map } of vault().artifacts(build as NonNullable<typeof build>))
    kept.push([path, map?.length])
  expect(kept.sort()).toEqual(['a.js', 'b.js', 'c.js'].map(path => [path, expect.any(Number)]))
}

const heldIds = () =>
  new Set(
    [...server.bundles.values()].flatMap(({ manifest }) =>
      Object.values(manifest.files).map(file => file.headers['debug-id']),
    ),
  )

describe.each(faults)('$name', ({ name, arrange, tells, heal, url = (front: FaultServer) => front.url }) => {
  test('seal: reports it, ends, and is safe; flush delivers the rest, once', async () => {
    await arrange(front, server)
    const outcome = await seal('fail', url(front)).then(
      () => undefined,
      (cause: unknown) => reason(cause),
    )
    if (tells) expect(outcome).toMatch(tells)
    else expect(outcome).toBeUndefined()
    await expectSafe()

    front.heal()
    await heal?.(front)
    pass()
    const { builds } = await flush()
    expect(builds).toHaveLength(tells ? 1 : 0)
    const [record] = await vault().records()
    expect(record?.deliveries.sentry?.state).toBe('delivered')
    expect(heldIds()).toEqual(new Set(record?.files.map(file => file.debugId)))
    const sent = server.requests.length
    expect(await flush()).toEqual({ builds: [] })
    expect(server.requests.length).toBe(sent)

    const files = await readFolder(dir)
    expect(await readdir(join(dir, 'tmp'))).toEqual([])
    expect([...files].filter(([, bytes]) => bytes.includes(token)).map(([path]) => path)).toEqual([])
    expect(lines.join('\n') + outcome).not.toContain(token)
    const message =
      (outcome ?? 'delivered').replace(/^.*Not delivered: /s, '').split(' The source maps are safe')[0] ?? ''
    // What differs from run to run is left out of the page.
    const text = message
      .replaceAll(/ after \d+ tries in \d+ s/g, ' after 5 tries')
      .replaceAll(/ECONNRESET|EPIPE/g, 'ECONNRESET')
      .replaceAll(front.url, 'https://sentry.example')
      .replaceAll(/127\.0\.0\.1:\d+/g, 'sentry.example')
    rows.push(
      `| ${name} | ${tells ? `fails: ${text.replaceAll('|', '\\|').replaceAll('\n', ' ')}` : 'delivers'} | ${peers[name]?.sentry11 ?? '·'} | ${peers[name]?.sentry5 ?? '·'} | ${peers[name]?.others ?? '·'} |`,
    )
  })

  if (tells === undefined) return
  test('with onError "warn" it succeeds, and the summary lists what is pending', async () => {
    await arrange(front, server)
    await seal('warn', url(front))
    await expectSafe()
    expect(lines.join('\n')).toMatch(tells as RegExp)
    expect(lines.at(-1)).toContain('not yet delivered to sentry')
  })
})

/** Without the faults that wait for time limits: plugins have the default ones. */
const quick = faults.filter(
  ({ name }) => !['server accepts and never answers', 'server answers at 1 byte/s'].includes(name),
)

describe.each(quick)('$name', ({ arrange, tells, heal, url = (front: FaultServer) => front.url }) => {
  test('a plugin: the build ends by its onError and is safe; flush delivers the rest', async () => {
    await arrange(front, server)
    const plugin = rollupPlugin({
      vault: join(dir, 'vault'),
      release: '1.2.3',
      onError: 'fail',
      logger,
      destinations: destinations(url(front)),
    })
    const input = Object.fromEntries(['a', 'b', 'c'].map(name => [name, join(dir, `dist/${name}.js`)]))
    const bundle = await rollup({ input, plugins: [plugin] })
    await bundle.write({ dir: join(dir, 'output') })
    const closing = bundle.close()
    if (tells) await expect(closing).rejects.toThrow(tells)
    else await closing
    await expectSafe('output')

    front.heal()
    await heal?.(front)
    pass()
    await flush()
    expect((await vault().records())[0]?.deliveries.sentry?.state).toBe('delivered')
  })
})

const isRoot = process.getuid?.() === 0
test.runIf(isRoot)('disk full in the vault: nothing is taken from the output', async () => {
  const full = join(dir, 'full')
  await mkdir(full)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', full])
  try {
    await writeFile(join(full, 'filler'), Buffer.alloc(12 << 10))
    const before = await readFolder(join(dir, 'dist'))
    const sealing = sealFolder('dist', { vault: full, logger, onError: 'warn' }, dir, connect)
    await expect(sealing).rejects.toThrow(/cannot be written: ENOSPC.*Make room/)
    expect(await readFolder(join(dir, 'dist'))).toEqual(before)
  } finally {
    execFileSync('umount', [full])
  }
})

test.runIf(isRoot)(
  'disk full in the vault: a build fails once, for that reason, and says nothing is kept',
  async () => {
    const full = join(dir, 'full-build')
    await mkdir(full)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', full])
    try {
      await writeFile(join(full, 'filler'), Buffer.alloc(12 << 10))
      const lines: string[] = []
      const log = (line: string) => void lines.push(line)
      const plugin = rollupPlugin({ vault: full, logger: { info: log, warn: log, error: log } })
      const bundle = await rollup({ input: join(dir, 'dist/a.js'), plugins: [plugin] })
      const writing = bundle.write({ dir: join(dir, 'full-output') })
      await expect(writing).rejects.toThrow(/cannot be written: ENOSPC.*Make room/)
      await bundle.close()
      expect(lines).toEqual([])
      expect(existsSync(join(dir, 'full-output'))).toBe(false)
    } finally {
      execFileSync('umount', [full])
    }
  },
)

afterAll(async () => {
  if (rows.length < faults.length) return
  const page = join(import.meta.dirname, '../docs/reliability.md')
  const text = await readFile(page, 'utf8')
  const table = ['| fault | Mapseal | Sentry 11 | Sentry 5 | others |', '|---|---|---|---|---|', ...rows].join('\n')
  await writeFile(page, text.replace(/(<!-- faults -->\n)[\s\S]*(<!-- end -->)/, `$1\n${table}\n\n$2`))
})
