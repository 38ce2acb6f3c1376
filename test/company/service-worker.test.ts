import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as vite8 from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { expect, test } from 'vitest'
import { openPage } from '../support/browser.ts'
import { serve } from '../support/serve.ts'
import { buildVite, place, readStacks } from './cases.ts'

/** An app that a service worker serves from its cache: what it caches is what ships, and a new release replaces it. */

const worker = `import { clientsClaim } from 'workbox-core'
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'
self.skipWaiting()
clientsClaim()
cleanupOutdatedCaches()
precacheAndRoute(self.__WB_MANIFEST)
registerRoute(new NavigationRoute(createHandlerBoundToURL('index.html')))
`

type Options = Parameters<typeof VitePWA>[0]
const base: Options = { registerType: 'autoUpdate', injectRegister: 'auto', manifest: { name: 'x', icons: [] } }
const injected: Options = { ...base, strategies: 'injectManifest', srcDir: 'src', filename: 'sw.js' }

test.each([
  ['generateSW', base],
  ['injectManifest', injected],
] as const)('vite-plugin-pwa with %s', async (_, options) => {
  const dir = await place({ 'src/sw.js': worker })
  const main = await readFile(join(dir, 'src/main.js'), 'utf8')
  const release = async (name: string) => {
    // A line more each time, so that a map of the other release would lead to another.
    await writeFile(
      join(dir, 'src/main.js'),
      `${'\n'.repeat(Number.parseInt(name, 10))}globalThis.__version = '${name}'\n${main}`,
    )
    const built = await buildVite(vite8, dir, ours => [VitePWA(options), ...ours], {}, { release: name })
    expect(built.failure).toBeUndefined()
    expect(built.report).toMatchObject({ leaks: [] })
    expect(revisionsIn(built.files['sw.js'] as string)).toEqual({
      'index.html': md5(built.files['index.html'] as string),
    })
    for (const url of urlsIn(built.files['sw.js'] as string)) expect(Object.keys(built.files)).toContain(url)
    return built
  }

  const { outDir } = await release('1.0.0')
  const server = await serve(outDir)
  const { page, problems, close } = await openPage(server.url)
  try {
    await page.waitForFunction('navigator.serviceWorker.controller')
    await page.reload()
    await page.waitForFunction("document.title === 'ok'")
    expect(await page.evaluate('globalThis.__version')).toBe('1.0.0')
    expect(await readStacks(page, dir)).toEqual({ byId: ['main.js:9', 'lazy.js:6'], byUrl: ['main.js:9', 'lazy.js:6'] })

    await release('2.0.0')
    // The page of the cache is shown until the new worker has taken over.
    await page.reload()
    expect(await page.evaluate('globalThis.__version')).toBe('1.0.0')
    await page.evaluate(takeover)
    await page.reload()
    await page.waitForFunction("document.title === 'ok'")
    expect(await page.evaluate('globalThis.__version')).toBe('2.0.0')
    expect(await page.evaluate('navigator.serviceWorker.controller !== null')).toBe(true)
    expect(await page.evaluate('globalThis.SENTRY_RELEASE.id')).toBe('2.0.0')
    expect(await readStacks(page, dir)).toEqual({
      byId: ['main.js:10', 'lazy.js:6'],
      byUrl: ['main.js:10', 'lazy.js:6'],
    })
    expect(problems).toEqual([])
  } finally {
    await close()
    await server.close()
  }
})

/** Browsers look for a new worker by themselves, but not at once. */
const takeover = `new Promise(done => {
  navigator.serviceWorker.addEventListener('controllerchange', () => done())
  navigator.serviceWorker.ready.then(registration => registration.update())
})`

/** What a worker caches under a digest; a name with a hash needs none. */
function revisionsIn(code: string): Record<string, string> {
  const entries = code.matchAll(/\{[^{}]*\}/g)
  return Object.fromEntries(
    Array.from(entries, ([entry]) => [textAfter('url', entry), textAfter('revision', entry)]).filter(
      ([url, revision]) => url !== undefined && /^[\da-f]{32}$/.test(revision ?? '') && /html$/.test(url),
    ),
  )
}

function urlsIn(code: string): string[] {
  return Array.from(code.matchAll(/\{[^{}]*\}/g), ([entry]) => textAfter('url', entry)).filter(url => url !== undefined)
}

function textAfter(key: string, entry: string): string | undefined {
  return new RegExp(`"?${key}"?:\\s*["\`]([^"\`]*)`).exec(entry)?.[1]
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}
