import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createServer, request as httpRequest, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createVault, folderStore } from '@mapseal/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type App, makeApp } from './app.ts'
import { runClient } from './real-clients.ts'
import { startServer, type TestServer } from './start.ts'

/** Older clients, and those that meet an older server: one request a file. */

let app: App
let server: TestServer
let proxy: Server
beforeEach(async () => {
  app = await makeApp()
  server = await startServer({ org: 'acme', projects: ['web'] })
  accept = undefined
  proxy = await asOlder(server.url)
})
afterEach(async () => {
  proxy.close()
  proxy.closeAllConnections()
  await server[Symbol.asyncDispose]()
  await rm(app.dir, { recursive: true })
})

/** The features that the proxy lets the server announce; without any, it does not know chunks. */
let accept: string[] | undefined

async function asOlder(url: string): Promise<Server> {
  const proxy = createServer(async (incoming, response) => {
    const isOptions = incoming.method === 'GET' && incoming.url?.includes('chunk-upload')
    if (isOptions && accept) {
      const options = (await (await fetch(url + incoming.url)).json()) as object
      const host = `http://${incoming.headers.host}`
      response
        .writeHead(200, { 'Content-Type': 'application/json' })
        .end(JSON.stringify({ ...options, url: host + incoming.url, accept }))
      return
    }
    if (isOptions) {
      response.writeHead(404, { 'Content-Type': 'application/json' }).end('{"detail":"none"}')
      return
    }
    const { method, headers } = incoming
    const outgoing = httpRequest(url + incoming.url, { method, headers }, answer => {
      answer.pipe(response.writeHead(answer.statusCode ?? 500, answer.headers))
    })
    incoming.pipe(outgoing)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  return proxy
}

const builds = () => createVault(folderStore(server.dir)).records()
const ask = (path: string, init?: RequestInit) => fetch(`${server.url}/api/0/projects/acme/web/releases/${path}`, init)

async function upload(...args: string[]): Promise<string> {
  const { port } = proxy.address() as AddressInfo
  const { code, text } = await runClient(
    'sentry-cli-2',
    ['sourcemaps', 'upload', '--no-rewrite', '--release', '1.0', ...args, app.dist],
    {
      cwd: app.dir,
      env: {
        SENTRY_URL: `http://127.0.0.1:${port}`,
        SENTRY_ORG: 'acme',
        SENTRY_PROJECT: 'web',
        SENTRY_AUTH_TOKEN: 'x'.repeat(64),
      },
    },
  )
  expect(code, `${text}\n${server.log.join('')}`).toBe(0)
  return text
}

test('sentry-cli 2 uploads file by file, and replaces them', async () => {
  await upload('--dist', '7')
  const [build, ...others] = await builds()
  expect(others).toEqual([])
  expect([build?.release?.name, build?.release?.dist, build?.projects]).toEqual(['1.0', '7', ['web']])
  expect(build?.files.map(({ path, problem, map }) => [path, problem, map !== undefined])).toEqual([
    ['app.js', undefined, true],
    ['assets/lazy.js', undefined, true],
  ])
  const listed = (await (await ask('1.0/files/')).json()) as { id: string; name: string; dist: string }[]
  expect(listed.map(({ name }) => name).sort()).toEqual([
    '~/app.js',
    '~/app.js.map',
    '~/assets/lazy.js',
    '~/assets/lazy.js.map',
  ])
  await upload('--dist', '7')
  expect((await builds()).length).toBe(1)
  const map = listed.find(({ name }) => name === '~/app.js.map')
  expect((await ask(`1.0/files/${map?.id}/`, { method: 'DELETE' })).status).toBe(204)
  expect((await builds())[0]?.files.map(({ problem }) => problem)).toEqual(['it has no source map', undefined])
})

test.each([[['release_files']], [['release_files', 'artifact_bundles']]])(
  'sentry-cli 2 and a server that accepts %j',
  async names => {
    accept = names
    await upload('--dist', '7', '--wait')
    const [build, ...others] = await builds()
    expect(others).toEqual([])
    expect([build?.release?.name, build?.release?.dist, build?.projects]).toEqual(['1.0', '7', ['web']])
    expect(build?.files.map(({ path, problem }) => [path, problem])).toEqual([
      ['app.js', undefined],
      ['assets/lazy.js', undefined],
    ])
    const request = server.log.filter(line => line.includes('assemble/')).at(-1)
    expect(request).toContain(names.length === 1 ? '/releases/1.0/assemble/' : '/artifactbundle/assemble/')
  },
)

test('debug IDs of single files count', async () => {
  await runClient('sentry-cli-2', ['sourcemaps', 'inject', app.dist], { cwd: app.dir, env: {} })
  await upload()
  const [build] = await builds()
  expect(build?.files.map(({ debugId }) => debugId)).toEqual([
    expect.stringMatching(/^[0-9a-f-]{14}5/),
    expect.stringMatching(/^[0-9a-f-]{14}5/),
  ])
})

test('an invalid file is refused with the reason', async () => {
  const form = (fields: Record<string, string>) => {
    const body = new FormData()
    for (const [name, value] of Object.entries(fields)) body.append(name, value)
    body.append('file', new Blob(['x']), 'x.js')
    return { method: 'POST', body }
  }
  expect((await ask('1/files/', form({ name: '~/x.js' }))).status).toBe(404)
  await fetch(`${server.url}/api/0/organizations/acme/releases/`, {
    method: 'POST',
    body: '{"version":"1","projects":["web"]}',
  })
  const statuses = []
  const forms: Record<string, string>[] = [
    { name: '~/x.js', header: 'Sourcemap:x.js.map' },
    { name: '~/x.js' },
    { name: '\u0000' },
    { name: '~/y.js', header: 'no colon' },
    { name: '~/y.js', dist: 'x'.repeat(65) },
  ]
  for (const fields of forms) {
    statuses.push((await ask('1/files/', form(fields))).status)
  }
  expect(statuses).toEqual([201, 409, 400, 400, 400])
  expect((await ask('1/files/..%2f..%2fx/')).status).toBe(404)
})
