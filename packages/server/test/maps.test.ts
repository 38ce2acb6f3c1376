import { folderStore, openVault } from '@mapseal/core'
import { afterEach, expect, it } from 'vitest'
import { sealedBuild } from '../../../test/server/sealed-build.ts'
import { createToken, type ServerOptions } from '../src/index.ts'
import { EXTENSION } from '../src/maps/routes.ts'
import { startServer, type TestServer } from './start.ts'

let server: TestServer
let debugId: string
const start = async (options?: ServerOptions) => {
  server = await startServer(options)
  const files = [
    { path: 'cart.js', source: 'throw new Error("x")', sourceName: '../src/cart.ts' },
    { path: 'plain.js', source: 'f()', sourceName: 'plain.ts', isMapless: true },
  ]
  const build = await sealedBuild(server.dir, 'shop@1', files, {})
  debugId = build.files[0]?.debugId ?? ''
  await server.looksAgain()
  return build
}
afterEach(() => server[Symbol.asyncDispose]())

const get = (id: string, headers: Record<string, string> = {}) => fetch(`${server.url}/api/maps/${id}`, { headers })

it('the map of a script is answered by its debug ID', async () => {
  const build = await start()
  const response = await get(debugId.toUpperCase().replaceAll('-', ''))
  expect(response.status).toBe(200)
  const [file] = build.files
  const bytes = file?.map && (await openVault(server.dir, server.dir).read(file.map))
  expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from(bytes ?? []))
})

it('what is not there says so', async () => {
  const build = await start()
  expect((await get('nothing')).status).toBe(400)
  expect((await get('00000000-0000-4000-8000-000000000000')).status).toBe(404)
  expect((await get(build.files[1]?.debugId ?? '')).status).toBe(404)
})

it('pages of other origins get nothing, but the extension and named origins', async () => {
  await start({ mapOrigins: ['https://staging.example.com'] })
  for (const Origin of [EXTENSION, 'https://staging.example.com']) {
    const { status, headers } = await get(debugId, { Origin })
    expect([status, headers.get('access-control-allow-origin')]).toEqual([200, Origin])
  }
  for (const Origin of ['https://evil.example', 'chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'null']) {
    const { status, headers } = await get(debugId, { Origin })
    expect([status, headers.get('access-control-allow-origin')]).toEqual([403, null])
  }
  const builds = await fetch(`${server.url}/api/builds`, { headers: { Origin: EXTENSION } })
  expect(builds.status).toBe(403)
})

it('where tokens are needed, a read token is', async () => {
  await start({ adminToken: 'an-admin-token-of-some-length' })
  const store = folderStore(server.dir)
  const tokens = await Promise.all((['read', 'write'] as const).map(access => createToken(store, access)))
  const statusOf = async (token: string | undefined) =>
    (await get(debugId, { Origin: EXTENSION, ...(token && { Authorization: `Bearer ${token}` }) })).status
  // The server lists tokens every few seconds.
  await expect.poll(() => statusOf(tokens[0]?.token)).toBe(200)
  expect(await statusOf(tokens[1]?.token)).toBe(403)
  expect(await statusOf('wrong-token-of-some-length')).toBe(401)
  expect(await statusOf(undefined)).toBe(401)
  const preflight = await fetch(`${server.url}/api/maps/${debugId}`, {
    method: 'OPTIONS',
    headers: { Origin: EXTENSION },
  })
  expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([204, 'authorization'])
})

it.each(['*', 'staging.example.com', 'https://a.example/path'])('%s is not an origin', async origin => {
  await start()
  await expect(startServer({ mapOrigins: [origin] })).rejects.toThrow('is not an origin')
})
