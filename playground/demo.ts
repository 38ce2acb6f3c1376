import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Browser } from 'playwright-core'
import { openBrowser, openPage } from '../test/support/browser.ts'
import { paint, stackLines, tableLines } from './demo/print.ts'
import { reportOf } from './demo/report.ts'
import type { BundlerResult } from './demo/result.ts'
import { complaintsOf as complaintsOfScan, scan } from './demo/scan.ts'
import { scenarios } from './demo/scenarios.ts'
import { readStack } from './demo/symbolicate.ts'
import { trigger } from './demo/trigger.ts'
import { complaintsOf as complaintsOfStack } from './demo/verify.ts'

const OUT = join(import.meta.dirname, '.out')
const VAULT = join(OUT, 'vault')

await rm(OUT, { recursive: true, force: true })
await mkdir(OUT)
process.env.MAPSEAL_VAULT = VAULT
// Not above: the configs read the environment.
const { builds } = await import('./build.ts')

const browser = await openBrowser()
try {
  const results: BundlerResult[] = []
  for (const bundler of ['vite', 'webpack', 'esbuild'] as const)
    results.push(await show(bundler, builds[bundler], browser))
  console.log(paint('bold', 'The output folders, as anyone sees them'))
  console.log(tableLines(results).join('\n'))
  await writeReport(results, browser)
  const complaints = results.flatMap(({ bundler, complaints }) => complaints.map(text => `${bundler}: ${text}`))
  for (const complaint of complaints) console.error(paint('red', complaint))
  process.exitCode = complaints.length > 0 ? 1 : 0
} catch (cause) {
  console.error(paint('red', cause instanceof Error ? cause.message : String(cause)))
  process.exitCode = 1
} finally {
  await browser.close()
}

/** Builds the app with one bundler, has it throw in the browser, and prints each stack before and after. */
async function show(
  bundler: string,
  build: (outDir: string) => Promise<void>,
  browser: Browser,
): Promise<BundlerResult> {
  console.log(paint(['bold', 'underline'], bundler))
  const outDir = join(OUT, bundler)
  const started = performance.now()
  await build(outDir)
  const seconds = (performance.now() - started) / 1000
  const seen = await scan(outDir)
  const reports = await trigger(outDir, browser, scenarios)
  const complaints = complaintsOfScan(seen)
  const stacks = []
  for (const [index, scenario] of scenarios.entries()) {
    const report = reports[index]
    if (!report) throw new Error(`${bundler}: no error came from “${scenario.title}”`)
    const stack = { scenario, ...(await readStack(report, VAULT)) }
    complaints.push(...complaintsOfStack(scenario, stack.frames))
    console.log(stackLines(stack).join('\n'))
    stacks.push(stack)
  }
  return { bundler, seconds, scan: seen, stacks, complaints }
}

async function writeReport(results: BundlerResult[], browser: Browser): Promise<void> {
  const [html, png] = [join(OUT, 'report.html'), join(OUT, 'report.png')]
  await writeFile(html, reportOf(results))
  const { page, close } = await openPage(`file://${html}`, browser)
  await page.screenshot({ path: png, fullPage: true })
  await close()
  console.log(`\n  report      ${relative(process.cwd(), html)}\n  screenshot  ${relative(process.cwd(), png)}`)
}
