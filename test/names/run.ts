import type { Browser } from 'playwright-core'
import type { BuiltApp } from './build.ts'

const ORIGIN = 'https://app.test'

/** Runs the app in a browser: the stack of each case by its name. */
export async function runApp({ page: html, scripts }: BuiltApp, browser: Browser): Promise<Record<string, string>> {
  const page = await browser.newPage()
  await page.route(`${ORIGIN}/**`, route => {
    const path = new URL(route.request().url()).pathname.slice(1)
    const script = scripts.get(path)
    if (script) return route.fulfill({ contentType: 'text/javascript', body: script.code })
    return route.fulfill({ contentType: 'text/html', body: path === '' ? html : '' })
  })
  await page.goto(`${ORIGIN}/`)
  await page.waitForFunction('typeof runAll === "function"')
  const stacks = await page.evaluate<Record<string, string>>('Error.stackTraceLimit = 50, runAll()')
  await page.close()
  return stacks
}
