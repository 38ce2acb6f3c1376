import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { datadog } from 'mapseal/destinations/datadog'
import { faro } from 'mapseal/destinations/faro'
import { posthog } from 'mapseal/destinations/posthog'
import { sentry } from 'mapseal/destinations/sentry'
import mapseal from 'mapseal/vite'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OpenPage, openPage } from './support/browser.ts'

/**
 * One build with four destinations, in Chromium: the vendors' unmodified SDKs report errors of an entry, a lazy chunk and a worker
 * with the debug ID of the script that threw, and Faro's with its bundle ID.
 */

const main = `
import * as Sentry from '@sentry/browser'
import posthog from 'posthog-js'
import { datadogRum } from '@datadog/browser-rum'
import { initializeFaro } from '@grafana/faro-web-sdk'

Sentry.init({ dsn: location.protocol + '//key@' + location.host + '/1' })
posthog.init('phc_test', {
  api_host: location.origin + '/posthog', autocapture: false, capture_pageview: false, disable_session_recording: true,
  disable_compression: true, request_batching: false, advanced_disable_flags: true, opt_out_useragent_filter: true,
})
datadogRum.init({
  applicationId: 'a', clientToken: 't', site: 'datadoghq.com', service: 'shop', proxy: location.origin + '/datadog',
  trackUserInteractions: false, trackingConsent: 'granted',
})
const faro = initializeFaro({ url: location.origin + '/faro', app: { name: 'shop' } })

function report(error) {
  Sentry.captureException(error)
  posthog.captureException(error)
  datadogRum.addError(error)
  faro.api.pushError(error)
}
window.fromEntry = () => report(new Error('from entry'))
window.fromLazy = async () => report((await import('./lazy.js')).fail())
window.fromWorker = () => new Promise(resolve => {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
  worker.onmessage = resolve
})
`
const lazy = "export const fail = () => new Error('from lazy')\n"
const worker = `
import * as Sentry from '@sentry/browser'
Sentry.init({ dsn: location.protocol + '//key@' + location.host + '/1' })
Sentry.captureException(new Error('from worker'))
Sentry.flush(2000).then(() => postMessage('done'))
`

let dir: string
let server: Server
let origin: string
let opened: OpenPage
const received: { path: string; body: string }[] = []
/** By file name without its hash. */
const scripts = new Map<string, { name: string; debugId: string }>()

beforeAll(async () => {
  await mkdir(join(import.meta.dirname, '.tmp'), { recursive: true })
  dir = await mkdtemp(join(import.meta.dirname, '.tmp/sdks-'))
  await writeFile(join(dir, 'package.json'), '{ "name": "shop", "type": "module" }')
  await writeFile(join(dir, 'index.html'), '<script type="module" src="/main.js"></script>')
  for (const [name, code] of Object.entries({ main, lazy, worker })) await writeFile(join(dir, `${name}.js`), code)
  const plugin = () =>
    mapseal({
      release: '1.4.0',
      deliver: 'later',
      vault: join(dir, 'vault'),
      destinations: [sentry(), posthog(), datadog(), faro({ appName: 'shop' })],
      logger: { info() {}, warn() {}, error() {} },
    })
  await build({
    root: dir,
    configFile: false,
    logLevel: 'silent',
    plugins: [plugin()],
    worker: { format: 'es', plugins: () => [plugin()] },
  })
  const assets = join(dir, 'dist/assets')
  for (const name of await readdir(assets)) {
    const [, debugId] = /\/\/# debugId=(\S+)/.exec(await readFile(join(assets, name), 'utf8')) ?? []
    if (debugId) scripts.set(name.replace(/-[\w-]{8}\.js$/, ''), { name, debugId })
  }
  server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  opened = await openPage(origin)
  await opened.page.evaluate(`fromEntry()`)
  await opened.page.evaluate(`fromLazy()`)
  await opened.page.evaluate(`fromWorker()`)
  // What is still in a batch is sent when the page is left.
  await opened.page.goto('about:blank')
}, 120_000)
afterAll(async () => {
  await opened?.close()
  server?.closeAllConnections()
  server?.close()
  await rm(dir, { recursive: true })
})

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(request.url ?? '', 'http://x').pathname
  if (request.method === 'POST') {
    received.push({ path, body: (await buffer(request)).toString() })
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    return
  }
  const file = path === '/' ? '/index.html' : path
  const bytes = await readFile(join(dir, 'dist', file)).catch(() => undefined)
  const type = extname(file) === '.html' ? 'text/html' : 'text/javascript'
  response.writeHead(bytes ? 200 : 404, { 'content-type': type }).end(bytes)
}

/** The events of a path that have a text in them. */
const events = (path: string, text: string) =>
  received.filter(each => each.path.startsWith(path) && each.body.includes(text)).map(({ body }) => body)

const scriptOf = (name: string) => {
  const script = scripts.get(name)
  if (!script) throw new Error(`No script ${name} among ${[...scripts.keys()]}`)
  return { url: `${origin}/assets/${script.name}`, debugId: script.debugId }
}

test('every script has an ID of its own', () => {
  const ids = [...scripts.values()].map(({ debugId }) => debugId)
  expect([...scripts.keys()]).toEqual(expect.arrayContaining(['index', 'lazy', 'worker']))
  expect(new Set(ids).size).toBe(scripts.size)
})

test.each([
  ['from entry', 'index'],
  ['from lazy', 'lazy'],
  ['from worker', 'worker'],
])("Sentry's SDK reports an error %s with the debug ID", async (text, name) => {
  const { url, debugId } = scriptOf(name)
  await expect.poll(() => events('/api/1/envelope', text).length).toBeGreaterThan(0)
  const lines = (events('/api/1/envelope', text)[0] ?? '').split('\n')
  const event = lines.map(line => JSON.parse(line || 'null')).find(item => item?.exception)
  const top = event.exception.values[0].stacktrace.frames.at(-1)
  expect(top.filename).toBe(url)
  expect(event.debug_meta.images).toContainEqual({ type: 'sourcemap', code_file: url, debug_id: debugId })
})

test.each([
  ['from entry', 'index'],
  ['from lazy', 'lazy'],
])("PostHog's SDK reports an error %s with the chunk ID", async (text, name) => {
  const { url, debugId } = scriptOf(name)
  await expect.poll(() => events('/posthog/', text).length).toBeGreaterThan(0)
  const sent = events('/posthog/', text)[0] ?? ''
  const frames = [...sent.matchAll(/\{[^{}]*"filename":"[^"]*"[^{}]*\}/g)].map(([json]) => JSON.parse(json))
  expect(frames.find(frame => frame.filename === url)).toMatchObject({ chunk_id: debugId })
})

test.each([
  ['from entry', 'index'],
  ['from lazy', 'lazy'],
])("Datadog's SDK reports an error %s with the debug ID", async (text, name) => {
  const { url, debugId } = scriptOf(name)
  await expect.poll(() => events('/datadog', text).length).toBeGreaterThan(0)
  const sent = events('/datadog', text).flatMap(body => body.split('\n'))
  const event = sent.find(line => line.includes(text))
  expect(event).toContain(JSON.stringify({ url, id: debugId }))
})

test("Faro's SDK reports errors with the bundle ID", async () => {
  await expect.poll(() => events('/faro', 'from lazy').length).toBeGreaterThan(0)
  expect(JSON.parse(events('/faro', 'from lazy')[0] ?? '')).toMatchObject({ meta: { app: { bundleId: '1.4.0' } } })
})
