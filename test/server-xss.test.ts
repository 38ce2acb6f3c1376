import { type BuildRecord, openVault } from '@mapseal/core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { startServer, type TestServer } from '../packages/server/test/start.ts'
import { sealedBuild } from './server/sealed-build.ts'
import { sendEvent } from './server/send-event.ts'
import { openBrowser } from './support/browser.ts'

/** Each would set `ran`, wherever it became markup, a URL, a script or a template. */
const PROBES = [
  '<img src=x onerror=ran=1>',
  '"><script>ran=1</script>',
  "'><svg/onload=ran=1>",
  'javascript:ran=1//',
  '</textarea></title></style><iframe srcdoc="<script>parent.ran=1</script>">',
  '{{constructor.constructor("ran=1")()}}',
  '\u202e<b onclick=ran=1>\u0000',
]
const ALL = PROBES.join(' ')
/** As a file's name can hold it. */
const FILE = `assets/${PROBES[0]}'"&.js`.replaceAll('/x', 'x')

declare global {
  var ran: unknown
  var violations: string[] | undefined
}

let browser: Browser
let server: TestServer
let page: Page
let build: BuildRecord
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

beforeEach(async () => {
  server = await startServer()
  build = await sealedBuild(
    server.dir,
    ALL.replaceAll('\u0000', ''),
    [
      { path: FILE, source: `throw new Error(\`${ALL}\`) // ${ALL}`, sourceName: `../src/${PROBES[0]}.ts` },
      { path: 'javascript:ran=1.js', source: 'throw 1', sourceName: 'a.ts', isMapless: true },
    ],
    { [PROBES[1] as string]: { state: 'failed', at: `${PROBES[2]}`, message: ALL } },
  )
  await server.looksAgain()
  page = await browser.newPage()
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      globalThis.violations = [...(globalThis.violations ?? []), `${violatedDirective} ${blockedURI}`]
    })
  })
  page.on('dialog', dialog => expect.unreachable(dialog.message()))
})
afterEach(async () => {
  await page.context().close()
  await server[Symbol.asyncDispose]()
})

async function sendProbes(): Promise<void> {
  const file = build.files.find(({ path }) => path.startsWith('assets/'))
  if (!file) throw new Error('The build has lost its script.')
  const code = Buffer.from(await openVault(server.dir, '/').read(file.code)).toString()
  const lines = code.slice(0, code.indexOf('throw')).split('\n')
  const url = `https://shop.example/${FILE}`
  const position = { lineno: lines.length, colno: (lines.at(-1) ?? '').length + 1 }
  const unread = { filename: `https://shop.example/${PROBES[2]}`, function: PROBES[1], lineno: 1, colno: 1 }
  await sendEvent(server.projects[0]?.dsn ?? '', {
    level: PROBES[0],
    platform: PROBES[1],
    release: ALL,
    dist: PROBES[2],
    environment: PROBES[0],
    transaction: ALL,
    request: { url: PROBES[3] },
    sdk: { name: PROBES[0], version: PROBES[1] },
    contexts: { browser: { name: PROBES[2], version: PROBES[1] } },
    tags: { [PROBES[0] as string]: PROBES[1], plain: PROBES[3] },
    exception: {
      values: [
        { type: PROBES[1], value: ALL, stacktrace: { frames: [{ ...unread, context_line: ALL, pre_context: [ALL] }] } },
        {
          type: PROBES[0],
          value: ALL,
          stacktrace: { frames: [unread, { filename: url, function: PROBES[0], ...position }] },
        },
      ],
    },
    debug_meta: { images: [{ type: 'sourcemap', code_file: url, debug_id: file.debugId }] },
  })
}

/** Opens a view and everything that opens in it. */
async function see(path: string): Promise<string> {
  await page.goto('about:blank')
  await page.goto(`${server.url}/${path}`)
  await page.locator('h1').first().waitFor()
  for (const summary of await page.locator('summary').all()) await summary.click()
  for (const tile of await page.locator('.tile').all()) await tile.hover()
  return (await page.locator('main').textContent()) ?? ''
}

/** Nothing ran, nothing tried to, and there is no element that the page did not make. */
async function expectQuiet(): Promise<void> {
  expect(await page.evaluate(() => globalThis.ran)).toBeUndefined()
  expect(await page.evaluate(() => globalThis.violations)).toBeUndefined()
  const strangers =
    'main :is(script, img, iframe, object, embed, base, style, link, meta, b), [onerror], [onload], [onclick], [style]'
  expect(await page.locator(strangers).count()).toBe(0)
  const links = await page.locator('a').evaluateAll(all => all.map(link => link.getAttribute('href') ?? ''))
  for (const link of links) expect(link).toMatch(/^#/)
}

test('names, sources and words of a build are text', async () => {
  const text = await see('')
  expect(text).toContain(FILE)
  for (const probe of PROBES.slice(0, 5)) expect(text).toContain(probe)
  await expectQuiet()
})

test('whatever an event says is text', async () => {
  await sendProbes()
  const text = await see('#/events')
  for (const probe of PROBES) expect(text).toContain(probe.slice(0, 20))
  expect(await page.locator('.hit').first().textContent()).toContain(PROBES[0])
  await expectQuiet()
})

test('a stack that is pasted is text', async () => {
  await see('#/stack')
  const stack = `${ALL}\n    at ${PROBES[0]} (https://shop.example/${FILE}:1:1)\n    at ${PROBES[1]} (javascript:ran=1:1:1)\n${PROBES.map(probe => `    at f (${probe}:1:1)`).join('\n')}\nf@data:text/html,<script>ran=1</script>:1:1`
  await page.getByLabel('Stack, as the browser').fill(stack)
  await page.getByRole('button', { name: 'Read it' }).click()
  await page.locator('.result h2').waitFor()
  const text = await page.locator('.result').textContent()
  expect(text).toContain(PROBES[0])
  await expectQuiet()
})

test('an address is text', async () => {
  await see('')
  for (const probe of PROBES) {
    for (const view of ['id', 'builds', 'events', 'events/app', 'nowhere', '']) {
      await page.goto(`${server.url}/#/${view}/${encodeURIComponent(probe)}`)
      await page.locator('main:not([aria-busy]) h1').first().waitFor()
    }
    await expectQuiet()
  }
  await see('#/id/%E0%A4%A')
  await expectQuiet()
})

test('the policy stops what would get through', async () => {
  await see('')
  await page.evaluate(() => {
    const make = (text: string) => {
      const script = document.createElement('script')
      script.text = text
      document.body.append(script)
    }
    for (const attempt of [
      () => make('ran = 1'),
      () => document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=ran=1>'),
      () => document.body.setAttribute('onclick', 'ran = 1'),
      () => setTimeout('ran = 1'),
    ]) {
      try {
        attempt()
      } catch {
        // Some throw at once.
      }
    }
    document.body.click()
  })
  await expect.poll(() => page.evaluate(() => globalThis.violations?.length)).toBeGreaterThan(2)
  expect(await page.evaluate(() => globalThis.ran)).toBeUndefined()
})

test.each(['', 'page/main.js', 'page/d3-hierarchy.js', 'page/base.css', 'favicon.ico'])(
  '/%s comes with the headers that keep it apart',
  async path => {
    const { status, headers } = await fetch(`${server.url}/${path}`)
    expect(status).toBe(200)
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/)
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe|data:|http|\*/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('set-cookie')).toBeNull()
  },
)

test('the library of the page is one module, which imports nothing', async () => {
  const code = await (await fetch(`${server.url}/page/d3-hierarchy.js`)).text()
  expect(code).toMatch(/^export \{.*\btreemap\b/ms)
  expect(code).not.toMatch(/^import\b|\bimport\(|\bfrom ['"]/m)
})

test.each([
  'page/..%2fpackage.json',
  'page/%2e%2e%2fpackage.json',
  'page/main.mjs',
  'page/.npmrc',
  'page/',
  'page/a/b.js',
  'page/d3-hierarchy.mjs',
  'page/yauzl.js',
  'page/%00.js',
])('/%s is not a file of the page', async path => {
  expect((await fetch(`${server.url}/${path}`)).status).toBe(404)
})
