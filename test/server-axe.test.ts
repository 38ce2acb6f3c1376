import { openVault } from '@mapseal/core'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startServer, type TestServer } from '../packages/server/test/start.ts'
import { bundled } from './server/bundled.ts'
import { sealedBuild } from './server/sealed-build.ts'
import { sendEvent } from './server/send-event.ts'
import { openBrowser } from './support/browser.ts'

/** What axe-core finds on the pages of the server. */

let browser: Browser
let server: TestServer
let empty: TestServer
let guarded: TestServer
let build: string

beforeAll(async () => {
  browser = await openBrowser()
  server = await startServer()
  empty = await startServer()
  guarded = await startServer({ adminToken: 'an-admin-token-of-some-length' })
  await bundled(server.dir)
  const source = "export function pay() {\n  throw new Error('no card')\n}\npay()\n"
  const scripts = [
    { path: 'assets/pay.js', source, sourceName: '../../src/pay.ts' },
    { path: 'vendor/tracker.js', source: 'console.log("tracked")', sourceName: 'tracker.ts', isMapless: true },
  ]
  const { id, files } = await sealedBuild(server.dir, 'shop@1.0.0', scripts, {
    datadog: { state: 'failed', at: '2026-11-21T10:15:00.000Z', message: 'answered 403' },
  })
  build = id
  await server.looksAgain()
  const [file] = files.filter(({ path }) => path.endsWith('pay.js'))
  if (!file) throw new Error('There should be a script.')
  const code = Buffer.from(await openVault(server.dir, '/').read(file.code)).toString()
  const lines = code.slice(0, code.indexOf('throw')).split('\n')
  const url = `https://shop.example/${file.path}`
  const frame = { filename: url, function: 't', lineno: lines.length, colno: (lines.at(-1) ?? '').length + 1 }
  await sendEvent(server.projects[0]?.dsn ?? '', {
    exception: { values: [{ type: 'Error', value: 'no card', stacktrace: { frames: [frame] } }] },
    release: 'shop@1.0.0',
    tags: { plan: 'free' },
    debug_meta: { images: [{ type: 'sourcemap', code_file: url, debug_id: file.debugId }] },
  })
})
afterAll(async () => {
  await browser.close()
  for (const each of [server, empty, guarded]) await each[Symbol.asyncDispose]()
})

const pages: [name: string, address: () => string, ready: string][] = [
  ['builds', () => `${server.url}/#/builds`, '.entry'],
  ['a build', () => `${server.url}/#/builds/${build}`, '.tile .source'],
  ['events', () => `${server.url}/#/events`, '.hit'],
  ['a stack', () => `${server.url}/#/stack`, 'form.stack'],
  ['what was found', () => `${server.url}/#/search/shop`, 'h1'],
  ['nothing found', () => `${server.url}/#/search/nowhere`, 'h1'],
  ['a debug ID', () => `${server.url}/#/id/85314830-023f-4cf1-a267-535f4e37bb17`, 'h1'],
  ['no build', () => `${empty.url}/#/builds`, 'h1'],
  ['no event', () => `${empty.url}/#/events`, 'h1'],
  ['the question for a token', () => `${guarded.url}/#/builds`, 'form'],
]

it.each(pages)('%s: nothing, in light and dark, and on a phone', async (_, address, ready) => {
  for (const settings of [
    { colorScheme: 'light' as const },
    { colorScheme: 'dark' as const },
    { colorScheme: 'light' as const, viewport: { width: 390, height: 844 } },
  ]) {
    const context = await browser.newContext(settings)
    const page = await context.newPage()
    await page.goto(address())
    await page.locator(ready).first().waitFor({ state: 'attached' })
    expect(await violations(page)).toEqual([])
    await context.close()
  }
})

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const { violations, passes } = await page.evaluate<axe.AxeResults>('axe.run(document)')
  expect(passes.length).toBeGreaterThan(10)
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}
