import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright-core'
import { EXTENSION } from '../../packages/server/src/maps/routes.ts'
import { findBrowser } from '../../scripts/find-browser.mjs'

const extension = join(import.meta.dirname, '../../packages/devtools')

/** With the extension, and with DevTools open in every tab, which Chromium can do without a screen. @param port for debugging */
export function openBrowser(port: number): Promise<BrowserContext> {
  const executablePath = findBrowser()
  if (!executablePath) throw new Error('No Chromium found. Run `node scripts/setup.mjs --browser` or set CHROME_PATH.')
  const flags = ['--headless=new', '--no-sandbox', '--auto-open-devtools-for-tabs', `--remote-debugging-port=${port}`]
  const args = [...flags, `--disable-extensions-except=${extension}`, `--load-extension=${extension}`]
  return chromium.launchPersistentContext('', {
    executablePath,
    headless: false,
    ignoreDefaultArgs: ['--disable-extensions'],
    args,
  })
}

/** Fills in the extension's options. */
export async function configure(context: BrowserContext, settings: { server: string; token: string }): Promise<void> {
  const page = await context.newPage()
  await page.goto(`${EXTENSION}/options.html`)
  await page.getByLabel('Server').fill(settings.server)
  await page.getByLabel('Read token').fill(settings.token)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved.').waitFor()
  await page.close()
}
