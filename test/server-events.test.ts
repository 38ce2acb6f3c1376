// biome-ignore-all lint/suspicious/noTemplateCurlyInString: lines of source code, as they stand

import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sentry } from 'mapseal/destinations/sentry'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { startServer, type TestServer } from '../packages/server/test/start.ts'
import { type ExpectedFrame, scenarios } from '../playground/demo/scenarios.ts'
import { type Bundler, buildShop } from './server/shop.ts'
import { buildTill } from './server/till.ts'
import { openBrowser, openPage } from './support/browser.ts'
import { serve } from './support/serve.ts'

const run = promisify(execFile)

/** In ms. It takes under two seconds from the throw to the page on an idle machine, which is printed; tests run on busy ones. */
const PATIENCE = 300_000
vi.setConfig({ testTimeout: 2 * PATIENCE, hookTimeout: PATIENCE })
const PLAYGROUND = join(import.meta.dirname, '../playground')

let browser: Browser
let server: TestServer
let folder: string
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  server = await startServer()
  folder = await mkdtemp(join(tmpdir(), 'mapseal-shop-'))
})
afterEach(async () => {
  await server[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

function lineOf({ file, text }: ExpectedFrame): number {
  const lines = readFileSync(join(PLAYGROUND, file), 'utf8').split('\n')
  return lines.findIndex(line => line.trim() === text) + 1
}

/** Waits until the page shows the open frame with its source, and prints how long that took since `start`. */
async function shows(page: Page, { file, text }: ExpectedFrame, line: number, start: number): Promise<void> {
  const frame = page
    .locator('.detail .frame')
    .filter({ hasText: `${file}:${line}:` })
    .first()
  const hit = frame.locator('.hit code').filter({ hasText: text })
  await hit.waitFor({ timeout: PATIENCE })
  console.info(`${Math.round(performance.now() - start)} ms from the throw to the page: ${text.trim().slice(0, 60)}`)
}

function dsn(): string {
  return server.projects[0]?.dsn ?? ''
}

test.each<[Bundler, 'shared' | 'uploaded']>([
  ['vite', 'shared'],
  ['webpack', 'uploaded'],
  ['esbuild', 'shared'],
])(
  '%s: what throws in the entry, a lazy chunk and a worker is on the page at once, its vault %s',
  async (bundler, way) => {
    const options =
      way === 'shared'
        ? { vault: server.dir }
        : {
            vault: join(folder, 'vault'),
            onError: 'fail' as const,
            destinations: [sentry({ url: server.url, org: server.org, project: 'app', authToken: 'not required' })],
          }
    const outDir = join(folder, 'dist')
    await buildShop(bundler, outDir, dsn(), { ...options, release: 'shop@1' })
    const site = await serve(outDir)
    const { page: reader, problems, close: closeReader } = await openPage(`${server.url}/#/events`, browser)
    await reader.getByText('No event yet').waitFor({ timeout: PATIENCE })
    const { page: shop, close: closeShop } = await openPage(site.url, browser)
    try {
      for (const { button, frames } of scenarios) {
        const start = performance.now()
        await shop.click(`#${button}`)
        await shows(reader, frames[0], lineOf(frames[0]), start)
        for (const { file } of frames) expect(await reader.locator('.detail .frames').textContent()).toContain(file)
        // Events of workers too, which carry no release of their own.
        await reader.locator('.detail').getByText('shop@1').waitFor({ timeout: PATIENCE })
      }
      expect(await reader.locator('.list .entry').count()).toBe(3)
      expect(problems).toEqual([])
    } finally {
      await closeShop()
      await closeReader()
      await site.close()
    }
  },
)

test('Node: what throws in a bundled server is on the page at once', async () => {
  const script = await buildTill('node', join(folder, 'dist'), dsn(), { vault: server.dir, release: 'till@1' })
  const { page, close } = await openPage(`${server.url}/#/events`, browser)
  try {
    await page.getByText('No event yet').waitFor({ timeout: PATIENCE })
    const start = performance.now()
    await run(process.execPath, [script])
    const text = 'if (amount <= 0) throw new RangeError(`${amount} is not an amount`)'
    await shows(page, { file: 'test/server/till-node.ts', text }, 11, start)
    await page.locator('.detail').getByText('sentry.javascript.node').waitFor({ timeout: PATIENCE })
    await page.locator('.detail').getByText('till@1').waitFor({ timeout: PATIENCE })
  } finally {
    await close()
  }
})

test('React: what an error boundary catches is on the page at once', async () => {
  await buildTill('react', join(folder, 'dist'), dsn(), { vault: server.dir, release: 'till@1' })
  const site = await serve(join(folder, 'dist'))
  const { page, close } = await openPage(`${server.url}/#/events`, browser)
  try {
    await page.getByText('No event yet').waitFor({ timeout: PATIENCE })
    const { page: till, close: closeTill } = await openPage(site.url, browser)
    const start = performance.now()
    await till.getByText('Pay').click()
    await till.getByText('Out of order').waitFor({ timeout: PATIENCE })
    const text = 'if (paid) throw new TypeError(`a receipt for ${paid}`)'
    await shows(page, { file: 'test/server/till-react.mjs', text }, 6, start)
    await page.locator('.detail').getByText('sentry.javascript.react').waitFor({ timeout: PATIENCE })
    await closeTill()
  } finally {
    await close()
    await site.close()
  }
})
