import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openPage } from '../../../test/support/browser.ts'
import type { SentryServer } from '../../../test/support/sentry-server.ts'
import { serve } from '../../../test/support/serve.ts'
import { sentryVitePlugin } from '../src/vite.ts'
import { startRecorder } from './build.ts'

/** What unmodified SDKs make of what the plugin writes, in Chromium. */

// Each builds several times, in processes of their own.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 })

interface SentryEvent {
  release?: string
  exception?: { values: { value: string }[] }
  breadcrumbs?: { category?: string; message?: string }[]
}

let dir: string
let uploads: SentryServer
let ingest: Server
const events: SentryEvent[] = []

beforeAll(async () => {
  const temporary = join(import.meta.dirname, '../../../test/.tmp')
  await mkdir(temporary, { recursive: true })
  dir = await mkdtemp(join(temporary, 'browser-'))
  uploads = await startRecorder()
  ingest = createServer(async (request, response) => {
    const lines = (await text(request)).split('\n')
    for (const line of lines.filter(line => line.startsWith('{'))) {
      const item = JSON.parse(line)
      if (item.exception) events.push(item)
    }
    response.writeHead(200, { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' }).end('{}')
  })
  ingest.listen(0, '127.0.0.1')
  await once(ingest, 'listening')
})
afterAll(async () => {
  await rm(dir, { recursive: true, force: true })
  await uploads.close()
  ingest.closeAllConnections()
  ingest.close()
})

const app = (sdk: string) => `
  import * as Sentry from '${sdk}'
  import { createElement } from 'react'
  import { createRoot } from 'react-dom/client'
  Sentry.init({
    dsn: SHOP_DSN,
    integrations: [
      Sentry.thirdPartyErrorFilterIntegration({ filterKeys: ['shop'], behaviour: 'drop-error-if-contains-third-party-frames' }),
    ],
  })
  const PayButton = ({ name }) => <button type="button" id={name} onClick={() => { throw new TypeError('ours by ' + name) }}>Pay</button>
  function Cart() {
    return <section><PayButton name="first"/><PayButton name="second"/></section>
  }
  createRoot(document.body.appendChild(document.createElement('div'))).render(createElement(Cart))
`

test.each(['@sentry/react', '@sentry/browser'])('%s: filter, breadcrumbs and release', async sdk => {
  events.splice(0)
  const root = await mkdtemp(join(dir, 'app-'))
  await writeFile(join(root, 'main.jsx'), app(sdk))
  await mkdir(join(root, 'public'))
  await writeFile(
    join(root, 'public/foreign.js'),
    "window.foreign = () => setTimeout(() => { throw new Error('theirs') })",
  )
  const page = '<!doctype html><body><script src="/foreign.js"></script><script type="module" src="/main.jsx"></script>'
  await writeFile(join(root, 'index.html'), page)
  const { build } = await import('vite')
  const { port } = ingest.address() as AddressInfo
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    define: { SHOP_DSN: JSON.stringify(`http://key@127.0.0.1:${port}/1`) },
    oxc: { jsx: { runtime: 'classic', pragma: 'createElement' } },
    plugins: [
      sentryVitePlugin({
        org: 'acme',
        project: 'web',
        authToken: 'sntryu_secret',
        url: uploads.url,
        silent: true,
        applicationKey: 'shop',
        reactComponentAnnotation: { enabled: true },
        release: { name: 'shop@1.4.0', setCommits: false, deploy: false },
      }),
    ],
  })
  const site = await serve(join(root, 'dist'))
  const opened = await openPage(site.url)
  try {
    const received = (count: number) =>
      expect.poll(() => events.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(count)
    await opened.page.click('#first')
    await received(1)
    await opened.page.evaluate('window.foreign()')
    await expect.poll(() => opened.problems.some(problem => problem.includes('theirs'))).toBe(true)
    await opened.page.click('#second')
    await received(2)
    expect(events.map(({ exception }) => exception?.values[0]?.value)).toEqual(['ours by first', 'ours by second'])
    expect(events.map(({ release }) => release)).toEqual(['shop@1.4.0', 'shop@1.4.0'])
    const clicks = events[1]?.breadcrumbs
      ?.filter(({ category }) => category === 'ui.click')
      .map(({ message }) => message)
    expect(clicks?.[0]).toMatch(/Cart > PayButton$/)
  } finally {
    await opened.close()
    await site.close()
  }
})
