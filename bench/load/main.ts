/**
 * What one server holds: clients that upload one bundle after the other, and stacks at a fixed rate, at the same time.
 *
 *     node -C mapseal-source --import tsx bench/load/main.ts [--seconds 60] [--clients 50] [--rate 200] [--pause 1000] [--vault DIR] [--profile DIR] [--write]
 *
 * Prints p50 and p99 of both, the server's memory and every error. A stack's time counts from when it was due, so that a
 * server that falls behind cannot hide it. With --write, results.md has the same.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createClient } from './client.ts'
import { summarize } from './figures.ts'
import { makeApp } from './make-app.ts'
import { startServe } from './serve.ts'
import { upload } from './upload.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    clients: { type: 'string', default: '50' },
    rate: { type: 'string', default: '200' },
    /** How long a client waits between two uploads, in milliseconds. */
    pause: { type: 'string', default: '1000' },
    vault: { type: 'string' },
    profile: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})
const [seconds, clients, rate, pause] = [values.seconds, values.clients, values.rate, values.pause].map(Number) as [
  number,
  number,
  number,
  number,
]

const scratch = await mkdtemp(join(tmpdir(), 'mapseal-load-'))
const serve = await startServe(values.vault ?? join(scratch, 'vault'), values.profile)
const client = createClient(serve.url)
const errors: string[] = []
const uploads: number[] = []
const stacks: number[] = []

const apps = Array.from({ length: 20 }, (_, index) => makeApp(`warm-${index}`))
for (const app of apps) await upload(client, app.bundle, '1.0')
// Threads start, and code is compiled, once in a server's life.
for (let round = 0; round < 20; round++) await Promise.all(apps.map(app => ask(app.frames(round))))

const end = performance.now() + seconds * 1000
await Promise.all([...Array.from({ length: clients }, (_, index) => keepUploading(index)), keepAsking()])
const memory = await serve.memory()
await serve.stop()
await rm(scratch, { recursive: true, force: true })

const report = [
  `${seconds} s, ${clients} clients uploading, ${rate} symbolications/s`,
  `uploads          ${summarize(uploads)}`,
  `symbolications   ${summarize(stacks)}`,
  `server memory    ${memory.now} MB at the end, ${memory.peak} MB at most`,
  `errors           ${errors.length}`,
].join('\n')
console.log(report)
for (const error of [...new Set(errors)].slice(0, 10)) console.log(`  ${error}`)
process.exitCode = errors.length > 0 ? 1 : 0
if (values.write) await writeFile(join(import.meta.dirname, 'results.md'), page(report))

function page(report: string): string {
  const machine = `Node ${process.version}, ${cpus().length} times ${cpus()[0]?.model.replace(/\s+/g, ' ') ?? 'unknown'}`
  return [
    'One server with a vault in a folder; clients and server share a machine. Each upload is a bundle of a script and its map,',
    'some 100 kB, and each symbolication ten frames of one of 20 maps. Made by `bench/load/main.ts --write`.',
    '',
    `${machine}.`,
    '',
    '```text',
    report,
    '```',
    '',
  ].join('\n')
}

async function keepUploading(index: number): Promise<void> {
  await sleep((pause * index) / clients)
  for (let count = 0; performance.now() < end; count++) {
    const { bundle } = makeApp(`${index}-${count}`)
    const start = performance.now()
    await attempt(() => upload(client, bundle, `1.${count}`), uploads, start)
    await sleep(pause)
  }
}

async function keepAsking(): Promise<void> {
  const started = performance.now()
  const open = new Set<Promise<void>>()
  for (let count = 0; performance.now() < end; count++) {
    const due = started + (count * 1000) / rate
    const wait = due - performance.now()
    if (wait > 0) await sleep(wait)
    const frames = apps[count % apps.length]?.frames(count) ?? []
    const asked = attempt(() => ask(frames), stacks, due).finally(() => open.delete(asked))
    open.add(asked)
  }
  await Promise.all(open)
}

async function ask(frames: unknown[]): Promise<void> {
  const { status, body } = await client.json('POST', '/api/symbolicate', { frames })
  const answered = (body as { frames?: { kind?: string }[] }).frames ?? []
  const isRight =
    status === 200 && answered.length === frames.length && answered.every(({ kind }) => kind === 'original')
  if (!isRight) throw new Error(`symbolicate: ${status} ${JSON.stringify(body).slice(0, 200)}`)
}

async function attempt(work: () => Promise<void>, times: number[], start: number): Promise<void> {
  try {
    await work()
    times.push(performance.now() - start)
  } catch (cause) {
    errors.push(String(cause))
  }
}
