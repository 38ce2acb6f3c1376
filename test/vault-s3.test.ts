import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { openStore, openVault } from '@mapseal/core'
import { build } from 'esbuild'
import esbuildPlugin from 'mapseal/esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../packages/cli/test/run.ts'
import { isMap, readFolder } from './matrix/files.ts'
import { runNode } from './support/command.ts'
import { startBucket, type TestBucket } from './support/s3.ts'
import { startSentry } from './support/sentry-server.ts'

/** A vault in a bucket, for everything that uses one. */

let bucket: TestBucket
let dir: string
beforeAll(async () => {
  bucket = await startBucket()
  await mkdir(join(import.meta.dirname, '.tmp'), { recursive: true })
  dir = await mkdtemp(join(import.meta.dirname, '.tmp/vault-s3-'))
  await writeFile(join(dir, 'package.json'), '{}')
  await writeFile(join(dir, 'main.js'), "function price() {\n  throw new Error('from the bucket')\n}\nprice()\n")
})
afterAll(async () => {
  await bucket?.stop()
  if (dir) await rm(dir, { recursive: true })
})

const env = { MAPSEAL_RELEASE: '1.4.0' }
const silent = { info() {}, warn() {}, error() {} }
const bundle = (outdir: string) => ({
  absWorkingDir: dir,
  entryPoints: [join(dir, 'main.js')],
  outdir: join(dir, outdir),
  bundle: true,
  minify: true,
  sourcemap: true as const,
  logLevel: 'error' as const,
})

test('the plugin keeps maps there, and every command reads them back', async () => {
  const vault = `${bucket.url}/plugin`
  const lines: string[] = []
  const logger = { ...silent, info: (line: string) => void lines.push(line) }
  await build({ ...bundle('dist'), plugins: [esbuildPlugin({ vault, release: '1.4.0', logger })] })
  expect([...(await readFolder(join(dir, 'dist'))).keys()]).toEqual(['main.js'])
  expect(lines.join()).toContain(`source maps kept in ${vault}`)
  expect(await readdir(dir)).not.toContain('.mapseal')

  const { stderr } = await runNode([join(dir, 'dist/main.js')], { cwd: dir })
  const read = await run(['symbolicate', '--vault', vault], { cwd: dir, env, stdin: stderr })
  expect([read.code, read.stderr]).toEqual([0, ''])
  expect(read.stdout).toMatch(/price.*main\.js:2:9/)

  const checked = await run(['check', 'dist', '--vault', vault], { cwd: dir, env })
  expect(checked.stdout).toContain(`no problem; source maps compared with ${vault}\n`)
  const releases = JSON.parse((await run(['releases', '--vault', vault, '--json'], { cwd: dir, env })).stdout)
  expect(releases.map(({ release }: { release: { name: string } }) => release.name)).toEqual(['1.4.0'])
})

test('a folder is sealed into it, and flush delivers from it', async () => {
  const vault = `${bucket.url}/sealed`
  await build(bundle('out'))
  await writeFile(
    join(dir, 'mapseal.config.mjs'),
    `export default { vault: '${vault}', deliver: 'later', destinations: [{
    name: 'mine',
    async deliver(build, artifacts) {
      let count = 0
      for await (const { map } of artifacts) if (map) count += 1
      return { artifacts: count }
    },
  }] }`,
  )
  const sealed = await run(['seal', 'out'], { cwd: dir, env })
  expect([sealed.code, sealed.stderr]).toEqual([0, expect.stringContaining(`(in ${vault})`)])
  expect([...(await readFolder(join(dir, 'out'))).keys()].filter(isMap)).toEqual([])
  const flushed = await run(['flush'], { cwd: dir, env })
  expect([flushed.code, flushed.stdout]).toEqual([0, expect.stringMatching(/mine delivered, artifacts there: 1/)])
  expect((await run(['flush'], { cwd: dir, env })).stdout).toBe(`The builds in ${vault} have no pending deliveries.\n`)
  await rm(join(dir, 'mapseal.config.mjs'))
})

test('a bucket that is not there stops the build before a map is lost', async () => {
  const plugins = [esbuildPlugin({ vault: 's3://no-such-bucket/web', logger: silent })]
  await expect(build({ ...bundle('lost'), logLevel: 'silent', plugins })).rejects.toThrow(
    /LIST \(bucket no-such-bucket, key web\/index\/ .*was answered 404: NoSuchBucket.*Create the bucket/,
  )
  expect([...(await readFolder(join(dir, 'lost'))).keys()].filter(isMap)).toEqual(['main.js.map'])
})

test('two processes write the same build parts at once', { timeout: 120_000 }, async () => {
  const vault = `${bucket.url}/twice`
  const server = await startSentry()
  const script = join(import.meta.dirname, 'kills/build.ts')
  const args = (outDir: string) => [
    '-C',
    'mapseal-source',
    '--import',
    'tsx',
    script,
    'esbuild',
    join(dir, outDir),
    vault,
    server.url,
  ]
  const outcomes = await Promise.all(['one', 'two'].map(outDir => runNode(args(outDir), { cwd: dir })))
  expect(outcomes.map(({ code }) => code)).toEqual([0, 0])
  const opened = openVault(vault, dir)
  const records = await opened.records()
  expect(records).toHaveLength(2)
  for (const record of records) {
    expect(record.deliveries.sentry?.state).toBe('delivered')
    let artifacts = 0
    for await (const { map } of opened.artifacts(record)) if (map) artifacts += 1
    expect(artifacts).toBeGreaterThan(40)
  }
  await server.close()
})

test('a writer that is killed leaves nothing half-written', { timeout: 120_000 }, async () => {
  const vault = `${bucket.url}/killed`
  const script = join(import.meta.dirname, 'kills/put.ts')
  let landed = 0
  // The last is long enough for one to land, however busy the machine.
  for (const instant of [30, 80, 150, 260, 400, 600, 6000]) {
    const child = spawn(process.execPath, ['-C', 'mapseal-source', '--import', 'tsx', script, vault], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    await sleep(instant)
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  const store = openStore(vault, dir)
  for await (const { key } of store.list('packs/')) {
    // Members back to back, each checked by its CRC-32.
    expect(gunzipSync((await store.get(key)) as Buffer)).toHaveLength(4 * 3_000_000)
    landed += 1
  }
  expect(landed).toBeGreaterThan(0)
})
