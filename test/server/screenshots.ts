/** Takes the pictures of the page in `docs/`: `node -C mapseal-source --import tsx test/server/screenshots.ts`. */
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { sealFolder } from '@mapseal/core/folder'
import { createFetch } from '@mapseal/core/http'
import type { Options } from 'mapseal'
import { directory } from 'mapseal/destinations/directory'
import { sentry } from 'mapseal/destinations/sentry'
import type { Browser } from 'playwright-core'
import { startServer } from '../../packages/server/test/start.ts'
import { builds } from '../../playground/build.ts'
import { scenarios } from '../../playground/demo/scenarios.ts'
import { openBrowser, openPage } from '../support/browser.ts'
import { serve } from '../support/serve.ts'
import { sdkPlugins } from './shop.ts'

const DOCS = join(import.meta.dirname, '../../docs')
const OUT = join(import.meta.dirname, '../../playground/.out/server')
/** Ships without a map, as many a third party's script does. */
const TRACKER = join(import.meta.dirname, '../../node_modules/systemjs/dist/system.js')
const DESKTOP = { width: 1280, height: 860 }
const PHONE = { width: 390, height: 844 }

await using server = await startServer({ projects: ['shop'] })
await using vendor = await startServer({ projects: ['shop'] })
const backups = await mkdtemp(join(tmpdir(), 'mapseal-backups-'))
const browser = await openBrowser()
try {
  for (const version of ['2.3.0', '2.3.1', '2.4.0']) await build(version)
  await throwAll()
  await shoot('server.png', '#/builds', { viewport: DESKTOP, colorScheme: 'light' })
  await shoot('server-dark.png', '#/events', { viewport: DESKTOP, colorScheme: 'dark' })
  await shoot('server-phone.png', '#/events', { viewport: PHONE, colorScheme: 'light', deviceScaleFactor: 2 })
} finally {
  await browser.close()
  await rm(backups, { recursive: true })
}

/** Built with hidden maps, joined by a script without one, and sealed as a folder, as `mapseal seal` does it. */
async function build(version: string): Promise<void> {
  const options: Options = {
    vault: server.dir,
    release: `shop@${version}`,
    destinations: [
      sentry({ url: vendor.url, org: vendor.org, project: 'shop', authToken: 'not required' }),
      directory({ path: backups }),
    ],
  }
  const maps = { name: 'maps', config: () => ({ build: { sourcemap: 'hidden' as const } }) }
  await builds.vite(OUT, [...sdkPlugins(server.projects[0]?.dsn ?? ''), maps])
  if (version === '2.4.0') {
    await mkdir(join(OUT, 'vendor'))
    await copyFile(TRACKER, join(OUT, 'vendor/tracker.js'))
  }
  await sealFolder(OUT, options, dirname(OUT), async (signal, network) =>
    createFetch({ ...network, signal, userAgent: 'mapseal' }),
  )
}

async function throwAll(): Promise<void> {
  const site = await serve(OUT)
  for (const rounds of [4, 2, 1]) {
    const { page, close } = await openPage(site.url, browser)
    for (const { button } of [...scenarios].reverse().slice(0, rounds)) {
      await page.click(`#${button}`)
      await page.waitForTimeout(500)
    }
    await close()
  }
  await site.close()
}

type Settings = NonNullable<Parameters<Browser['newContext']>[0]>

async function shoot(file: string, path: string, settings: Settings): Promise<void> {
  const context = await browser.newContext(settings)
  const page = await context.newPage()
  await page.goto(`${server.url}/${path}`)
  await page.locator('.list .entry').first().waitFor()
  const entry = page.locator('.entry', { hasText: 'TypeError' })
  if (path === '#/events') await entry.click()
  await page.locator('.detail .hit, .detail .tile').first().waitFor()
  await page.locator('.detail h1', { hasText: /TypeError|shop/ }).waitFor()
  await page.mouse.move(0, 0)
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  await page.waitForTimeout(300)
  await page.screenshot({ path: join(DOCS, file) })
  await context.close()
}
