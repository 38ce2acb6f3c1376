import { openPage } from '../support/browser.ts'
import { serve } from '../support/serve.ts'
import { checkRegistered } from './invariants/identified.ts'
import type { Build, BundleCase } from './types.ts'
import type { Kept } from './vault.ts'

interface PageState {
  /** The page's own registry, and those that its workers sent. */
  registries: Record<string, string>[]
  release?: string
}

/** I2 at run time, in Chromium: opens every page over HTTP and looks at the registries. */
export async function checkBrowserRun(
  { pages = ['index.html'], isUnloaded }: BundleCase,
  sealed: Build,
  scripts: string[],
  { ids }: Kept,
  release: string,
): Promise<string[]> {
  const server = await serve(sealed.outDir)
  const registry: Record<string, string> = {}
  const problems: string[] = []
  try {
    for (const path of pages) {
      const { page, problems: pageProblems, close } = await openPage(`${server.url}${path}`)
      const state = await page.evaluate(readPage)
      for (const found of state.registries) Object.assign(registry, found)
      problems.push(...pageProblems.map(text => `${path}: ${text}`))
      if (state.release !== release)
        problems.push(`${path}: release at run time is ${state.release}, should be ${release}`)
      await close()
    }
  } finally {
    await server.close()
  }
  const loaded = scripts.filter(path => !isUnloaded?.(path))
  const expected = new Map(loaded.map(path => [path, ids.get(path) ?? 'none']))
  return [...problems, ...checkRegistered(registry, expected)]
}

/** Runs in the page, once the fixture has loaded all it wants to. */
async function readPage(): Promise<PageState> {
  const page = globalThis as unknown as {
    pending?: Promise<unknown>
    registries?: Record<string, string>[]
    _sentryDebugIds?: Record<string, string>
    SENTRY_RELEASE?: { id: string }
  }
  await page.pending
  const release = page.SENTRY_RELEASE?.id
  return { registries: [page._sentryDebugIds ?? {}, ...(page.registries ?? [])], ...(release ? { release } : {}) }
}
