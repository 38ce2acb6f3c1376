import { type Browser, chromium, type Page } from 'playwright-core'
import { findBrowser } from '../../scripts/find-browser.mjs'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface OpenPage {
  page: Page
  /** Uncaught errors (their stacks), console errors and failed requests, in order. */
  problems: string[]
  /** Closes the page; and the browser too, if this page started it. */
  close(): Promise<void>
}

/** Starts a headless Chromium. @throws if the machine has none. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findBrowser()
  if (!executablePath) throw new Error('No Chromium found. Run `node scripts/setup.mjs --browser` or set CHROME_PATH.')
  return chromium.launch({ executablePath, headless: true, args: FLAGS })
}

/** Opens `url` and waits for its `load` event, in `browser` or in one of its own. */
export async function openPage(url: string, browser?: Browser): Promise<OpenPage> {
  const host = browser ?? (await openBrowser())
  const closeOwned = async () => {
    if (!browser) await host.close()
  }
  try {
    const page = await host.newPage()
    const problems = watch(page)
    await page.goto(url)
    return { page, problems, close: () => page.close().then(closeOwned) }
  } catch (cause) {
    await closeOwned()
    throw cause
  }
}

function watch(page: Page): string[] {
  const problems: string[] = []
  page.on('pageerror', error => problems.push(error.stack ?? error.message))
  page.on('console', message => message.type() === 'error' && problems.push(message.text()))
  page.on('requestfailed', request => problems.push(`${request.url()} ${request.failure()?.errorText ?? 'failed'}`))
  return problems
}
