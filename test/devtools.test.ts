import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer as createHttpServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import type { BrowserContext } from 'playwright-core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import manifest from '../packages/devtools/manifest.json' with { type: 'json' }
import { EXTENSION } from '../packages/server/src/maps/routes.ts'
import { startServer, type TestServer } from '../packages/server/test/start.ts'
import { builds } from './devtools/app.ts'
import { configure, openBrowser } from './devtools/browser.ts'
import { type FrontEnd, openFrontEnd } from './devtools/front-end.ts'
import { freePort } from './support/ports.ts'

/** The extension in the DevTools of a real browser, on a sealed page. */

const token = 'a-token-of-the-team-with-some-length'

let root: string
let server: TestServer
let app: Server
let context: BrowserContext
let frontEnd: FrontEnd | undefined
let port: number
/** Paths that the app's origin was asked for. */
let asked: string[]

beforeEach(async () => {
  await mkdir(join(import.meta.dirname, '.tmp'), { recursive: true })
  root = await mkdtemp(join(import.meta.dirname, '.tmp/devtools-'))
  server = await startServer({ adminToken: token })
  asked = []
  app = createHttpServer(async (request, response) => {
    const path = request.url === '/' ? '/index.html' : (request.url ?? '')
    asked.push(path)
    const body = await readFile(join(root, 'dist', path)).catch(() => undefined)
    response.writeHead(body ? 200 : 404, { 'Content-Type': extname(path) === '.js' ? 'text/javascript' : 'text/html' })
    response.end(body)
  })
  await new Promise<void>(done => app.listen(0, '127.0.0.1', done))
  port = await freePort()
  context = await openBrowser(port)
})
afterEach(async () => {
  frontEnd?.close()
  await context.close()
  app.closeAllConnections()
  app.close()
  await server[Symbol.asyncDispose]()
  await rm(root, { recursive: true })
})

it.each(Object.keys(builds))('%s: originals are listed with a token, and a breakpoint in one is hit', async bundler => {
  await builds[bundler]?.(root, server.dir)
  await configure(context, { server: server.url, token: 'not-the-token-of-the-team' })
  const url = `http://127.0.0.1:${(app.address() as AddressInfo).port}/`
  const page = await context.newPage()
  const said: string[] = []
  page.on('console', message => said.push(message.text()))
  await page.goto(url)
  await expect.poll(() => said.join('\n')).toContain('refuses the token')
  frontEnd = await openFrontEnd(port, url)
  const listed = () => frontEnd?.evaluate<string[]>('codes.map(code => code.url())')
  expect((await listed())?.filter(code => code.endsWith('src/cart.js'))).toEqual([])

  await configure(context, { server: server.url, token })
  await page.reload()
  await expect.poll(async () => (await listed())?.some(code => code.endsWith('src/cart.js'))).toBe(true)
  await frontEnd.evaluate(`(async () => {
    const code = codes.find(code => code.url().endsWith('src/cart.js'))
    await Breakpoints.BreakpointManager.BreakpointManager.instance().setBreakpoint(code, 2, 30, '', true, false, 'USER_ACTION')
  })()`)
  const isPaused = () =>
    frontEnd?.evaluate<boolean>(
      'SDK.TargetManager.TargetManager.instance().models(SDK.DebuggerModel.DebuggerModel).some(model => model.isPaused())',
    )
  await expect
    .poll(async () => {
      await page.evaluate('void setTimeout(() => pay(), 0)')
      return isPaused()
    })
    .toBe(true)
  await frontEnd.evaluate(
    'SDK.TargetManager.TargetManager.instance().models(SDK.DebuggerModel.DebuggerModel).forEach(model => model.resume())',
  )
  expect(asked.filter(path => path.endsWith('.map') || path.includes('/src/'))).toEqual([])
})

it('the server knows the ID of the extension', () => {
  expect(EXTENSION).toMatch(/^chrome-extension:\/\/[a-p]{32}$/)
  expect(manifest.permissions).toEqual(['storage'])
  expect(manifest).not.toHaveProperty('host_permissions')
})
