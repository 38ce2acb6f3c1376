import { type BuildRecord, openStore, openVault } from '@mapseal/core'
import { createToken } from '@mapseal/server'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../packages/server/test/start.ts'
import { bundled } from './server/bundled.ts'
import { sealedBuild } from './server/sealed-build.ts'
import { sendEvent } from './server/send-event.ts'
import { openBrowser } from './support/browser.ts'

const SOURCE = `export function total(cart: { items: number[] }): number {
  if (cart.items.length === 0) throw new RangeError('nothing in the cart')
  return cart.items.reduce((sum, item) => sum + item, 0)
}
total({ items: [] })
`

let browser: Browser
let context: BrowserContext
let server: TestServer
let page: Page
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  server = await startServer()
  await open()
})
afterEach(async () => {
  await context.close()
  await server[Symbol.asyncDispose]()
})

async function open(settings: Parameters<Browser['newContext']>[0] = {}): Promise<void> {
  context = await browser.newContext(settings)
  page = await context.newPage()
}

async function go(path: string): Promise<void> {
  await page.goto(`${server.url}/${path}`)
  await page.locator('h1').first().waitFor()
}

/** Two scripts that decode, one that does not. */
async function shop(): Promise<BuildRecord> {
  const build = await sealedBuild(
    server.dir,
    'shop@1.0.0',
    [
      { path: 'assets/cart.js', source: SOURCE, sourceName: '../../src/cart.ts' },
      { path: 'assets/menu.js', source: 'console.log("menu")', sourceName: '../../src/menu.ts' },
      { path: 'vendor/tracker.js', source: 'console.log("tracked")', sourceName: 'tracker.ts', isMapless: true },
    ],
    {
      sentry: { state: 'delivered', at: '2026-11-21T10:15:00.000Z', artifacts: 3 },
      datadog: { state: 'failed', at: '2026-11-21T10:15:00.000Z', message: 'answered 403' },
    },
  )
  await server.looksAgain()
  return build
}

/** An event that `cart.js` throws, as an SDK sends it. */
async function send(
  { files }: BuildRecord,
  {
    type = 'RangeError',
    value = 'nothing in the cart',
    ...more
  }: { type?: string; value?: string; release?: string } = {},
): Promise<void> {
  const file = files.find(({ path }) => path.endsWith('cart.js'))
  if (!file) throw new Error('The build has no cart.')
  const code = Buffer.from(await openVault(server.dir, '/').read(file.code)).toString()
  const lines = code.slice(0, code.indexOf('throw')).split('\n')
  const url = `https://shop.example/${file.path}`
  const frame = { filename: url, function: 'total', lineno: lines.length, colno: (lines.at(-1) ?? '').length + 1 }
  await sendEvent(server.projects[0]?.dsn ?? '', {
    exception: { values: [{ type, value, stacktrace: { frames: [frame] } }] },
    release: 'shop@1.0.0',
    debug_meta: { images: [{ type: 'sourcemap', code_file: url, debug_id: file.debugId }] },
    ...more,
  })
}

/** Names of the elements that Tab comes by, from where the focus is. */
async function tabStops(most: number): Promise<string[]> {
  const names: string[] = []
  for (let stop = 0; stop < most; stop++) {
    await page.keyboard.press('Tab')
    names.push(
      await page.evaluate(() => {
        const { activeElement: element } = document
        const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : undefined
        return (label ?? element?.getAttribute('aria-label') ?? element?.textContent ?? '').trim()
      }),
    )
  }
  return names
}

describe('what it shows', () => {
  test('a build has the branch and the subject of its commit beside the first digits of its release', async () => {
    const build = await shop()
    const sha = '0123456789abcdef0123456789abcdef01234567'
    const release = { name: sha, source: 'git' }
    await openVault(server.dir, '/').record({
      ...build,
      release,
      commit: { sha, branch: 'main', subject: 'Round totals' },
    })
    await server.looksAgain()
    await go('')
    const item = page.getByRole('listitem').filter({ hasText: '0123456' })
    await item.getByText('main · Round totals', { exact: true }).waitFor()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('0123456')
  })

  test('explains how to start while there is nothing to show', async () => {
    await go('')
    await page.getByRole('heading', { name: 'No build yet' }).waitFor()
    expect(await page.getByRole('region', { name: 'Configuration' }).textContent()).toContain(`url: '${server.url}'`)
    await page.getByRole('link', { name: 'Events' }).click()
    await page.getByRole('heading', { name: 'No event yet' }).waitFor()
    expect(await page.getByRole('region', { name: 'Configuration' }).textContent()).toContain(server.projects[0]?.dsn)
  })

  test('a build: which part of it does not decode, its deliveries, its scripts', async () => {
    const build = await shop()
    await go('')
    await page.getByRole('heading', { name: 'shop@1.0.0' }).waitFor()
    await page.getByText('1 of 3 scripts would not decode').waitFor()
    const picture = page.getByRole('img', { name: /Treemap: 1 of 3 scripts do not decode.*vendor\/tracker\.js/ })
    await picture.waitFor()
    expect(await picture.locator('.tile').count()).toBe(3)
    expect(await picture.locator('.tile.broken').count()).toBe(1)
    const areaOf = (path: string) =>
      // Each tile gives up half a gap of 2 on every side.
      picture
        .locator('.tile', { hasText: path })
        .locator('rect')
        .first()
        .evaluate(rect => (Number(rect.getAttribute('width')) + 2) * (Number(rect.getAttribute('height')) + 2))
    const bytesOf = (name: string) => build.files.find(({ path }) => path.endsWith(name))?.code.size ?? 0
    const ratio = (await areaOf('cart.js')) / (await areaOf('menu.js'))
    expect(ratio).toBeCloseTo(bytesOf('cart.js') / bytesOf('menu.js'), 3)
    const rows = page.getByRole('table', { name: 'Scripts of this build' }).getByRole('row')
    expect(await rows.nth(1).getByRole('rowheader').textContent()).toBe('dist/vendor/tracker.js')
    expect(await rows.nth(1).textContent()).toMatch(/No: .*map/)
    expect(await rows.nth(2).textContent()).toContain('Yes')
    const deliveries = page.getByRole('table', { name: 'Deliveries of this build' })
    expect(await deliveries.getByRole('row', { name: /sentry/ }).textContent()).toMatch(/delivered.*3 artifacts/)
    expect(await deliveries.getByRole('row', { name: /datadog/ }).textContent()).toMatch(/failed.*answered 403/)
    await picture.locator('.tile.broken').click()
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('vendor/tracker.js')
    expect(await page.title()).toBe('shop@1.0.0 · Mapseal')
    expect(await page.locator('.entry').getAttribute('href')).toBe(`#/builds/${build.id}`)
  })

  test('shows what clients sent about its release', async () => {
    await shop()
    const tell = async (method: string, path: string, body: object) => {
      const url = `${server.url}/api/0/organizations/${server.org}/releases/${path}`
      const response = await fetch(url, {
        method,
        body: JSON.stringify(body),
        headers: { 'Content-Type': 'application/json' },
      })
      expect(response.ok, `${path} ${response.status}`).toBe(true)
    }
    await tell('POST', '', { version: 'shop@1.0.0', projects: ['app'], dateReleased: '2026-11-21T10:00:00Z' })
    const commit = {
      id: '4e2e20ab4e3fee1bb7a7bc410337f586ada3ffb2',
      message: 'fix: the cart\n\nlong',
      author_name: 'Ada',
      author_email: 'ada@example.com',
    }
    await tell('PUT', 'shop@1.0.0/', { commits: [commit] })
    await tell('POST', 'shop@1.0.0/deploys/', { environment: 'production', name: 'blue' })
    await go('')
    expect(await page.getByRole('table', { name: 'Deploys of this release' }).textContent()).toMatch(/production.*blue/)
    const commits = await page.getByRole('region', { name: 'Commits' }).textContent()
    expect(commits).toContain('4e2e20abfix: the cartAda')
    expect(commits).not.toMatch(/long|example/)
    await page.getByRole('region', { name: 'Released' }).waitFor()
  })

  test('events by group, the newest first, with source; further ones as they come', async () => {
    const build = await shop()
    await send(build)
    await go('#/events')
    await page.locator('.hit code', { hasText: "throw new RangeError('nothing in the cart')" }).waitFor()
    expect(await page.locator('.place').first().textContent()).toBe('src/cart.ts:2:32')
    await send(build)
    await page.getByLabel('2 events').waitFor()
    await page.getByText('2 of 2').waitFor()
    await send(build, { type: 'TypeError', value: 'other' })
    await page.getByRole('heading', { name: 'TypeError' }).waitFor()
    expect(await page.getByRole('status').textContent()).toBe('New event: TypeError: other')
    await page.getByRole('link', { name: /RangeError/ }).click()
    await page.getByRole('link', { name: '← Older' }).click()
    await page.getByText('1 of 2').waitFor()
    await send(build, { type: 'SyntaxError', value: 'third' })
    await page.getByRole('link', { name: /SyntaxError/ }).waitFor()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('RangeError')
  })

  test('errors are filtered by text and by release, and it says what was not found', async () => {
    const build = await shop()
    await send(build)
    await send(build, { type: 'TypeError', value: 'other', release: 'shop@2.0.0' })
    await go('#/events')
    await expect.poll(() => page.locator('.entry').count()).toBe(2)
    await page.getByLabel('Filter by text').fill('IN THE CART')
    await expect.poll(() => page.locator('.entry .name').allTextContents()).toEqual(['RangeError1'])
    await page.getByLabel('Filter by release').selectOption('shop@2.0.0')
    await page.getByText('No error with “IN THE CART” in its type, message or file was seen last in release').waitFor()
    await page.getByLabel('Filter by text').fill('')
    await expect.poll(() => page.locator('.entry .name').allTextContents()).toEqual(['TypeError1'])
  })

  test('the sources inside a script, by their share of it', async () => {
    const { build } = await bundled(server.dir)
    await server.looksAgain()
    await go(`#/builds/${build.id}`)
    const picture = page.getByRole('img', { name: /Treemap/ })
    await picture.locator('.source').first().waitFor()
    const shares = await picture
      .locator('.source')
      .evaluateAll(tiles => tiles.map(tile => tile.getAttribute('data-source')))
    expect(shares).toEqual(
      expect.arrayContaining([expect.stringMatching(/^src\/large\.ts, /), expect.stringMatching(/^src\/small\.ts, /)]),
    )
    const areaOf = (name: string) =>
      picture
        .locator(`.source[data-source^="src/${name}.ts"] rect`)
        .evaluate(rect => Number(rect.getAttribute('width')) * Number(rect.getAttribute('height')))
    expect(await areaOf('large')).toBeGreaterThan(5 * (await areaOf('small')))
    await picture.locator('.source[data-source^="src/large.ts"]').hover()
    await page.locator('figcaption', { hasText: /src\/large\.ts, .* in app\.js/ }).waitFor()
  })

  test('a server that does not answer, until it does again', async () => {
    await send(await shop())
    await go('#/events')
    await page.route('**/api/events', route => route.abort())
    await page.getByRole('alert').getByText('The server does not answer').waitFor()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('RangeError')
    await page.unroute('**/api/events')
    await page.getByRole('alert').waitFor({ state: 'hidden' })
  })

  test('an event whose map comes later is read once it is there', async () => {
    const build = await shop()
    await openVault(server.dir, '/').record({ ...build, files: [] })
    await send(build)
    await go('#/events')
    await page.getByText('Not read: ').waitFor()
    await openVault(server.dir, '/').record(build)
    await expect
      .poll(async () => {
        await page.reload()
        await page.locator('.frame').first().waitFor()
        return page.locator('.hit').count()
      })
      .toBe(1)
  })

  test('a stack that is pasted', async () => {
    const build = await shop()
    const file = build.files.find(({ path }) => path.endsWith('cart.js'))
    const code = file && Buffer.from(await openVault(server.dir, '/').read(file.code)).toString()
    const lines = code?.slice(0, code.indexOf('throw')).split('\n') ?? []
    await go('#/stack')
    await page
      .getByLabel('Stack, as the browser')
      .fill(
        `RangeError: nothing in the cart\n    at total (https://shop.example/assets/cart.js:${lines.length}:${(lines.at(-1) ?? '').length + 1})\n    at https://shop.example/gone.js:1:1\n    at Array.map (<anonymous>)`,
      )
    await page.getByLabel('Release').fill('shop@1.0.0')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: '1 of 2 frames read' }).waitFor()
    await page.locator('.hit code', { hasText: "throw new RangeError('nothing in the cart')" }).waitFor()
    expect(await page.locator('.result').textContent()).toMatch(
      /RangeError: nothing in the cart.*Not read: .*Array\.map/s,
    )
  })

  test('what a text is found in, and that it is not', async () => {
    const build = await shop()
    await send(build)
    await go('')
    const search = async (text: string) => {
      await page.getByRole('searchbox').fill(text)
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { level: 1, name: /^Found|^Nothing/ }).waitFor()
    }
    await search('SHOP@1')
    await page.getByRole('region', { name: 'Builds' }).getByRole('link', { name: 'shop@1.0.0' }).waitFor()
    await search('menu.js')
    await page.getByRole('table', { name: 'Scripts' }).getByText('assets/menu.js').waitFor()
    await search(build.files[0]?.debugId.slice(0, 6) ?? '')
    await page.getByRole('table', { name: 'Scripts' }).getByText('assets/cart.js').waitFor()
    await search('nothing in the')
    await page
      .getByRole('region', { name: 'Errors' })
      .getByRole('link', { name: /RangeError/ })
      .waitFor()
    await search('absent')
    await page.getByText('No release, script or message contains “absent”').waitFor()
  })

  test('an event is copied as Markdown, with its stack as it is read and as it came', async () => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await send(await shop())
    await go('#/events')
    await page.getByRole('button', { name: 'Copy as Markdown' }).click()
    await page.getByRole('button', { name: 'Copied as Markdown' }).waitFor()
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    expect(copied).toMatch(
      /^\*\*RangeError: .*\*\*\n\n.*\n\n```text\nRangeError: [\s\S]* \(src\/cart\.ts:2:32\)\n[\s\S]*```\n$/,
    )
    await page.getByText('Raw stack').click()
    expect(await page.getByRole('region', { name: 'Raw stack' }).textContent()).toMatch(/at .*assets\/cart\.js:1:\d+/)
  })

  test('a debug ID, in any spelling, and an unknown one', async () => {
    const build = await shop()
    const { debugId = '', path = '' } = build.files[0] ?? {}
    await go('')
    await page.getByRole('searchbox').fill(debugId.replaceAll('-', '').toUpperCase())
    await page.keyboard.press('Enter')
    const row = page.getByRole('table', { name: 'Scripts with this debug ID' }).getByRole('row').nth(1)
    expect(await row.textContent()).toContain(path)
    await row.getByRole('link', { name: 'shop@1.0.0' }).click()
    await page.getByText('1 of 3 scripts').waitFor()
    await go(`#/id/${'0'.repeat(32)}`)
    await page.getByText('No build in this vault').waitFor()
    await go('#/id/nonsense')
    await page.getByRole('paragraph').getByText('32 hex digits').waitFor()
  })
})

describe('for everyone', () => {
  test('landmarks, headings, and a focus that goes through in order', async () => {
    await shop()
    await go('')
    for (const role of ['banner', 'main', 'search'] as const) expect(await page.getByRole(role).count()).toBe(1)
    await page.getByRole('navigation', { name: 'Main' }).waitFor()
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1)
    expect(await page.getByRole('link', { name: 'Builds', exact: true }).getAttribute('aria-current')).toBe('page')
    const names = await tabStops(7)
    expect(names.slice(0, 6)).toEqual(['Skip to the content', 'Mapseal', 'Builds', 'Events', 'Stack', 'Search'])
    expect(names[6]).toContain('shop@1.0.0')
  })

  test('the skip link leads past the header', async () => {
    await shop()
    await go('')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
    expect((await tabStops(1))[0]).toContain('shop@1.0.0')
  })

  test('a followed link moves focus to the heading, and keys open frames', async () => {
    await send(await shop())
    await go('')
    await page.getByRole('link', { name: 'Events' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'RangeError' }).waitFor()
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
    const details = page.locator('.frame details').first()
    expect(await details.getAttribute('open')).toBe('')
    await details.locator('summary').focus()
    await page.keyboard.press('Enter')
    expect(await details.getAttribute('open')).toBeNull()
  })

  test.each(['light', 'dark'] as const)('text stands out in %s', async colorScheme => {
    await context.close()
    await open({ colorScheme })
    await send(await shop())
    await go('#/events')
    const pairs = [
      'ink/paper',
      'ink/surface',
      'ink/fill',
      'muted/paper',
      'muted/surface',
      'accent/paper',
      'accent/surface',
      'ink/accent-soft',
      'text-second/surface',
      'text-second/accent-soft',
      'on-accent/accent',
      'muted/fill',
    ]
    for (const pair of pairs) {
      const [front = '', back = ''] = pair.split('/')
      expect(await contrast(front, back), pair).toBeGreaterThanOrEqual(4.5)
    }
  })

  test('nothing sticks out at the width of a phone', async () => {
    await context.close()
    await open({ viewport: { width: 360, height: 740 } })
    await send(await shop(), { value: 'A'.repeat(300) })
    for (const path of ['#/builds', '#/events', '#/stack']) {
      await page.goto(`${server.url}/${path}`)
      await page.locator('.entry, form.stack').first().waitFor()
      expect(await overflow()).toBe(0)
      if (path === '#/stack') continue
      expect(await page.locator('.detail').isVisible()).toBe(false)
      await page.locator('.entry').click()
      await page.locator('.detail h1').waitFor()
      expect(await overflow()).toBe(0)
      await page.locator('.back').click()
      await page.locator('.entry').waitFor()
    }
  })
})

describe('who may read', () => {
  const adminToken = 'an-admin-token-of-some-length'

  beforeEach(async () => {
    await server[Symbol.asyncDispose]()
    server = await startServer({ adminToken })
    await shop()
  })

  test('the page asks for a token, says if it is wrong, and keeps it in this tab alone', async () => {
    await go('')
    await page.getByRole('heading', { name: 'A token opens this page' }).waitFor()
    expect(await page.locator('main').textContent()).not.toContain('shop@')
    await page.getByLabel('Token for reading').fill('wrong')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'That token does not open it' }).waitFor()
    await page.getByLabel('Token for reading').fill(adminToken)
    await page.getByRole('button', { name: 'Open' }).click()
    await page.getByRole('heading', { name: 'shop@1.0.0' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'shop@1.0.0' }).waitFor()

    expect(await context.cookies()).toEqual([])
    expect(await page.evaluate(() => localStorage.length)).toBe(0)
    const other = await context.newPage()
    await other.goto(server.url)
    await other.getByRole('heading', { name: 'A token opens this page' }).waitFor()

    await page.getByRole('button', { name: 'Forget token' }).click()
    await page.getByRole('heading', { name: 'A token opens this page' }).waitFor()
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0)
  })

  test('a token for uploads is refused with the reason', async () => {
    const { token } = await createToken(openStore(server.dir, '/'), 'write')
    await go('')
    await page.getByLabel('Token for reading').fill(token)
    await page.keyboard.press('Enter')
    await page.getByText('This token may not read').first().waitFor()
  })

  test('reveals nothing of the vault without a token, and still accepts events', async () => {
    for (const path of [
      'about',
      'builds',
      'builds/1',
      `files/${'0'.repeat(32)}`,
      'events',
      'events/app/0123456789abcdef',
    ]) {
      expect((await fetch(`${server.url}/api/${path}`)).status, path).toBe(401)
    }
    await sendEvent(server.projects[0]?.dsn ?? '', { message: 'hello' })
  })
})

function overflow(): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
}

/** As WCAG 2 defines it. */
async function contrast(front: string, back: string): Promise<number> {
  const colours = await page.evaluate(
    names =>
      names.map(name => {
        const value = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
        const hex = value.length === 4 ? value.replace(/[^#]/g, '$&$&') : value
        return [1, 3, 5].map(at => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
      }),
    [front, back],
  )
  const [one = 0, other = 0] = colours.map(([red = 0, green = 0, blue = 0]) => {
    const [r, g, b] = [red, green, blue].map(part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0)
  })
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
}
