import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Destination, Options } from '@mapseal/core'
import { startRecorder } from '@mapseal/destinations/contract'
import { build } from 'esbuild'
import { bugsnag } from 'mapseal/destinations/bugsnag'
import { posthog } from 'mapseal/destinations/posthog'
import { rollbar } from 'mapseal/destinations/rollbar'
import mapseal from 'mapseal/esbuild'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { partOf, type Recorder } from '../packages/destinations/src/contract/index.ts'

/** One build with several vendors: what they share. */

let dir: string
let recorder: Recorder
let lines: string[]
beforeEach(async () => {
  await mkdir(join(import.meta.dirname, '.tmp'), { recursive: true })
  dir = await mkdtemp(join(import.meta.dirname, '.tmp/vendors-'))
  recorder = await startRecorder()
  lines = []
  await writeFile(join(dir, 'package.json'), '{}')
})
afterEach(async () => {
  await recorder.close()
  await rm(dir, { recursive: true })
})

async function buildOnce(code: string, options: Options): Promise<{ urls?: unknown; build: { deliveries: object } }> {
  await writeFile(join(dir, 'main.js'), code)
  const log = (line: string) => void lines.push(line)
  const report = join(dir, 'report.json')
  const logger = { info: log, warn: log, error: log }
  const plugin = mapseal({ release: '1.4.0', vault: join(dir, 'vault'), report, logger, ...options })
  const outdir = join(dir, 'dist')
  await build({
    absWorkingDir: dir,
    entryPoints: [join(dir, 'main.js')],
    outdir,
    logLevel: 'silent',
    plugins: [plugin],
  })
  return JSON.parse(await readFile(report, 'utf8'))
}

const vendors = () => [
  rollbar({ accessToken: 't0ken', url: recorder.origin }),
  bugsnag({
    apiKey: 'k3y',
    url: recorder.origin,
    urls: path => [`https://a.example/${path}`, `https://b.example/${path}`],
  }),
  posthog({ projectId: '7', personalApiKey: 'k3y', url: recorder.origin }),
]

test('one option gives all their URLs, and the report says which they are', async () => {
  const { urls, build } = await buildOnce("throw new Error('x')\n", {
    destinations: vendors(),
    urls: 'https://shop.example/static/',
  })
  expect(Object.values(build.deliveries)).toMatchObject([{}, {}, {}].fill({ state: 'delivered' }))
  const names = (field: string) => recorder.requests.flatMap(each => partOf(each, field)?.toString() ?? [])
  expect(names('minified_url')).toEqual(['https://shop.example/static/main.js'])
  expect(names('minifiedUrl')).toEqual(['https://a.example/main.js', 'https://b.example/main.js'])
  expect(urls).toEqual({
    rollbar: { 'main.js': ['https://shop.example/static/main.js'] },
    bugsnag: { 'main.js': ['https://a.example/main.js', 'https://b.example/main.js'] },
  })
})

test('one that fails does not hold the others back', async () => {
  const down: Destination = {
    name: 'down',
    async deliver() {
      throw new Error('It is down')
    },
  }
  const { build } = await buildOnce("throw new Error('y')\n", {
    destinations: [down, ...vendors()],
    urls: 'https://shop.example',
    onError: 'warn',
  })
  expect(build.deliveries).toMatchObject({
    down: { state: 'failed' },
    rollbar: { state: 'delivered' },
    bugsnag: { state: 'delivered' },
    posthog: { state: 'delivered' },
  })
})

test('with dryRun the requests are printed, and none is made', async () => {
  const { build } = await buildOnce("throw new Error('z')\n", {
    destinations: vendors(),
    urls: 'https://shop.example',
    dryRun: true,
  })
  expect(recorder.requests).toEqual([])
  expect(Object.values(build.deliveries)).toMatchObject([{}, {}, {}].fill({ state: 'pending' }))
  const shown = lines.join('\n')
  expect(shown).toContain('[rollbar] main.js is for frames of https://shop.example/main.js')
  expect(shown).toContain('bulk_start_upload')
  expect(shown).toContain('bulk_finish_upload')
  expect(shown).not.toMatch(/t0ken|k3y/)
})

test('a secret in the source is reported, or overwritten in what is sent', async () => {
  const secret = `ghp_${'aB3dE5gH7jK9mN1pQ2sT4vW6yZ8x'.repeat(2).slice(0, 36)}`
  const code = `// ${secret}\nthrow new Error('secret')\n`
  const destinations = () => [rollbar({ accessToken: 't0ken', url: recorder.origin, urls: 'https://shop.example' })]
  const maps = () => recorder.requests.map(each => `${partOf(each, 'source_map')}`)

  await buildOnce(code, { destinations: destinations() })
  expect(lines.join('\n')).toMatch(/\[secrets\] .*main\.js:1 has a GitHub token\./)
  expect(lines.join('\n')).not.toContain(secret)
  expect(maps().join()).toContain(secret)

  recorder.requests.length = 0
  await buildOnce(`${code}\n`, { destinations: destinations(), secrets: 'redact' })
  expect(maps().join()).toContain('*'.repeat(36))
  expect(maps().join()).not.toContain(secret)

  await expect(buildOnce(`${code}\n\n`, { destinations: destinations(), secrets: 'fail' })).rejects.toThrow(
    /GitHub token/,
  )
})
