import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openPage } from '../../support/browser.ts'
import type { App } from '../app.ts'
import { buildRow } from './build.ts'
import type { Row, Run } from './row.ts'
import { serveFolder } from './serve-folder.ts'

/** Opens the page with its service worker, releases a second version and opens it again. @returns what the page then said */
export async function releaseAgain(
  app: App,
  row: Row,
  { dir, newVersion }: Extract<Run, { kind: 'static' }>,
): Promise<string> {
  const { file = '', from = '', to = '' } = newVersion ?? {}
  const site = await serveFolder(join(app.dir, dir))
  const { page, problems, close } = await openPage(site.url)
  try {
    const version = () => page.evaluate(() => document.body.dataset.version)
    await page.waitForFunction(() => navigator.serviceWorker.ready.then(() => true))
    await page.waitForTimeout(2000) // The worker fetches the files of its first version.
    const first = await version()
    const source = join(app.dir, file)
    await writeFile(source, (await readFile(source, 'utf8')).replace(from, to))
    await buildRow(app, row)
    await page.reload()
    await page.waitForFunction(() => document.body.dataset.event === 'VERSION_READY', undefined, { timeout: 30_000 })
    await page.reload()
    const found = [first, await version()]
    if (found.join() !== [from, to].join() || problems.length > 0) throw new Error(JSON.stringify({ found, problems }))
    return 'VERSION_READY'
  } finally {
    await close()
    await site.stop()
  }
}
