import type { Browser } from 'playwright-core'
import { openPage } from '../../test/support/browser.ts'
import { serve } from '../../test/support/serve.ts'
import type { ErrorReport } from '../src/errors.ts'
import type { Scenario } from './scenarios.ts'

/** In ms. */
const TIMEOUT = 10_000

/** Opens the built app under a strict CSP and has each scenario throw; its reports in the same order. */
export async function trigger(folder: string, browser: Browser, scenarios: Scenario[]): Promise<ErrorReport[]> {
  const server = await serve(folder, { isStrict: true })
  const { page, problems, close } = await openPage(server.url, browser)
  try {
    for (const [index, { button }] of scenarios.entries()) {
      await page.click(`#${button}`)
      await page.waitForFunction(count => globalThis.shopErrors?.length === count, index + 1, { timeout: TIMEOUT })
    }
    return (await page.evaluate(() => globalThis.shopErrors)) ?? []
  } catch (cause) {
    throw new Error(`The browser did not get as far as the errors: ${problems.join('\n') || 'it says nothing'}`, {
      cause,
    })
  } finally {
    await close()
    await server.close()
  }
}
