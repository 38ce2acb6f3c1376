import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createServer, type RunningServer } from '@mapseal/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { run } from './run.ts'
import { sealedShop, url } from './sealed-shop.ts'

let shop: Awaited<ReturnType<typeof sealedShop>>
let server: RunningServer
const token = 'a-token-for-this-test'

beforeAll(async () => {
  shop = await sealedShop()
  server = await createServer({ port: 0, vault: join(shop.dir, '.mapseal'), adminToken: token })
})
afterAll(async () => {
  await server.close()
  await rm(shop.dir, { recursive: true })
})

const at = (stdout: string) => stdout.split('\n').filter(line => line.startsWith('    at '))

it.each([
  ['by name', []],
  ['by debug ID', ['--debug-id']],
  ['in a release', ['--release', '1.4.0']],
])('asks the server: %s', async (_, args) => {
  const options = args[0] === '--debug-id' ? ['--debug-id', `${url}=${shop.debugId}`] : args
  const asked = ['symbolicate', '--server', `${server.url}/`, '--token', token, ...options]
  const { code, stdout, stderr } = await run(asked, { cwd: '/', stdin: shop.stack })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const here = await run(['symbolicate'], { cwd: shop.dir, stdin: shop.stack })
  expect(at(stdout)).toEqual(at(here.stdout))
  expect(stdout).toContain('> 2 │')
})

it('takes the token from the environment, and prints JSON', async () => {
  const asked = ['symbolicate', '--server', server.url, '--json']
  const { code, stdout } = await run(asked, { stdin: shop.stack, env: { MAPSEAL_SERVER_TOKEN: token } })
  expect(code).toBe(0)
  expect(JSON.parse(stdout).lines[1]).toMatchObject({ kind: 'original', original: { source: 'src/shop.ts', line: 2 } })
})

it.each([
  ['no URL', ['--server', 'localhost:4700'], 2, '--server takes a URL'],
  ['a wrong token', ['--server', 'SERVER', '--token', 'wrong'], 1, '401'],
])('says what is wrong: %s', async (_, args, expected, message) => {
  const asked = args.map(arg => (arg === 'SERVER' ? server.url : arg))
  const { code, stderr } = await run(['symbolicate', ...asked], { stdin: shop.stack })
  expect(code).toBe(expected)
  expect(stderr).toContain(message)
  expect(stderr).not.toContain(token)
})

it('says so where none listens', async () => {
  const { code, stderr } = await run(['symbolicate', '--server', 'http://127.0.0.1:9/'], { stdin: shop.stack })
  expect(code).toBe(1)
  expect(stderr).toMatch(/127\.0\.0\.1:9.* after 2 tries .*Check the URL.* Is the server running\?\n$/)
  expect(stderr).not.toContain('flush')
})
