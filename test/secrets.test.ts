import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { type Destination, openStore } from '@mapseal/core'
import { build } from 'esbuild'
import esbuildPlugin from 'mapseal/esbuild'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  echoes,
  type Front,
  leaks,
  type Receiver,
  type Subject,
  secret,
  startFront,
} from '../packages/destinations/src/contract/index.ts'
import { startBucket } from './support/s3.ts'

/** Whatever a server does with a token, no output or message of a build contains it, in any spelling. */

const { exports } = createRequire(import.meta.url)('../packages/destinations/package.json') as {
  exports: Record<string, string | object>
}
const names = Object.entries(exports).flatMap(([entry, target]) =>
  typeof target === 'string' || entry === './contract' ? [] : [entry.slice(2)],
)

let dir: string
const before = { TMPDIR: process.env.TMPDIR, AWS_ENDPOINT_URL_S3: process.env.AWS_ENDPOINT_URL_S3 }
beforeAll(async () => {
  await mkdir(join(import.meta.dirname, '.tmp'), { recursive: true })
})
afterEach(async () => {
  if (before.TMPDIR === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = before.TMPDIR
  await rm(dir, { recursive: true, force: true })
})
afterAll(() => expect(tmpdir()).not.toContain('.tmp/secrets-'))

/** Everything that a build may show or leave. */
interface Traces {
  lines: string[]
  /** Temporary files, as they were when a request came. */
  temporary: Map<string, Buffer>
}

async function buildOnce(options: { destination?: Destination; vault: string; front?: Front }): Promise<Traces> {
  const { destination, vault, front } = options
  const traces: Traces = { lines: [], temporary: new Map() }
  process.env.TMPDIR = join(dir, 'temporary')
  await mkdir(process.env.TMPDIR)
  front?.onRequest(() => void collect(join(dir, 'temporary'), traces.temporary))
  const log = (line: string) => void traces.lines.push(line)
  await writeFile(join(dir, 'package.json'), '{}')
  await writeFile(join(dir, 'main.js'), "throw new Error('sealed')\n")
  const plugin = esbuildPlugin({
    vault,
    release: '1.4.0',
    onError: 'warn',
    destinations: destination ? [destination] : [],
    logger: { info: log, warn: log, error: log },
  })
  const failure = await build({
    absWorkingDir: dir,
    entryPoints: [join(dir, 'main.js')],
    outdir: join(dir, 'dist'),
    sourcemap: true,
    logLevel: 'silent',
    plugins: [plugin],
  }).then(
    () => undefined,
    (cause: unknown) => cause,
  )
  traces.lines.push(inspect(failure, { depth: 9, showHidden: true }))
  return traces
}

async function collect(folder: string, into = new Map<string, Buffer>()): Promise<Map<string, Buffer>> {
  // Temporary files come and go meanwhile.
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    const bytes = entry.isFile() ? await readFile(path).catch(() => undefined) : undefined
    if (bytes) into.set(path, bytes)
  }
  return into
}

/** As text; packs are gzip. */
function textOf(bytes: Buffer): string {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  return `${bytes.toString('latin1')}${isGzip ? gunzipSync(bytes) : ''}`
}

function expectNoLeak(texts: string[]): void {
  for (const leak of leaks(secret)) {
    expect(texts.filter(text => text.includes(leak)).map(text => text.slice(0, 2000))).toEqual([])
  }
}

const echo = JSON.stringify({ detail: echoes(secret).join(' '), seen: echoes(secret) })

test.each(names)('a build that %s refuses, with the token in its words', async name => {
  const { subject } = (await import(`../packages/destinations/test/subjects/${name}.ts`)) as { subject: Subject }
  const receiver: Receiver = await subject.start()
  const front = await startFront(receiver.origin ?? 'http://127.0.0.1:1')
  dir = await mkdtemp(join(import.meta.dirname, '.tmp/secrets-'))
  try {
    for (const status of [400, 401]) {
      await rm(dir, { recursive: true })
      await mkdir(dir)
      front.fail({ status, headers: { 'content-type': 'application/json' }, body: echo }, 'all')
      const destination = receiver.create({ origin: front.origin, secret })
      const { lines, temporary } = await buildOnce({ destination, vault: join(dir, 'vault'), front })
      const files = [...(await collect(dir)), ...temporary]
      const records = files.filter(([path]) => path.includes('/vault/builds/')).map(([, bytes]) => `${bytes}`)
      expect(records.join()).toContain(`"${name}"`)
      if (receiver.origin) {
        expect(front.requests).not.toEqual([])
        expect(records.join()).toContain(`${status}`)
        expect(lines.join('\n')).toContain(`${status}`)
      }
      expectNoLeak([...lines, ...files.map(([, bytes]) => textOf(bytes))])
    }
  } finally {
    await front.close()
    await receiver.stop()
  }
})

test('a build whose vault is a bucket that refuses, with the token in its words', async () => {
  const bucket = await startBucket('secrets')
  const front = await startFront(bucket.store.endpoint)
  dir = await mkdtemp(join(import.meta.dirname, '.tmp/secrets-'))
  try {
    const vault = `${bucket.url}/web?endpoint=${front.origin}`
    const kept = (await buildOnce({ vault, front })).lines
    const store = openStore(vault, dir)
    for (const folder of ['builds/', 'packs/']) {
      for await (const { key } of store.list(folder)) kept.push(textOf((await store.get(key)) as Buffer))
    }
    expect(kept.join()).toContain('main.js')
    expect(kept.filter(text => text.includes(bucket.store.env.AWS_SECRET_ACCESS_KEY as string))).toEqual([])

    await rm(dir, { recursive: true })
    await mkdir(dir)
    Object.assign(process.env, { AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: secret })
    const body = `<?xml version="1.0"?><Error><Code>InvalidToken</Code><Message><![CDATA[${echoes(secret).join(' ')}]]></Message></Error>`
    front.fail({ status: 400, headers: { 'content-type': 'application/xml' }, body }, 'all')
    const { lines, temporary } = await buildOnce({ vault, front })
    expect(lines.join('\n')).toContain('was answered 400: InvalidToken: [redacted]')
    const files = [...(await collect(dir)), ...temporary].map(([, bytes]) => textOf(bytes))
    expectNoLeak([...lines, ...files])
  } finally {
    delete process.env.AWS_SESSION_TOKEN
    await front.close()
    await bucket.stop()
  }
})
