import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runNode } from '../../../test/support/command.ts'
import { main } from '../src/main.ts'
import { run } from './run.ts'

let cwd: string
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'mapseal-serve-'))
})
afterEach(() => rm(cwd, { recursive: true }))

test('prints its address and what clients need, and ends on a signal', async () => {
  const { code, stdout, stderr } = await run(['serve', '--port', '0', '--project', 'shop', '--project', 'api'], { cwd })
  expect(code).toBe(0)
  expect(stdout).toMatch(/is served at http:\/\/127\.0\.0\.1:\d+\n/)
  expect(stdout).toMatch(/DSN of shop: http:\/\/[0-9a-f]{32}@127\.0\.0\.1:\d+\/\d+\n/)
  expect(stdout).toContain('DSN of api')
  expect(stdout).toContain('SENTRY_ORG=mapseal SENTRY_PROJECT=shop')
  expect(stderr).toContain('listening')
  expect(stderr).toContain('closed')
})

test('answers while it runs; its lines are JSON with --json', async () => {
  let stdout = ''
  let stderr = ''
  const statuses: number[] = []
  const code = await main(['serve', '--port', '0', '--json'], {
    stdout: { write: text => (stdout += text) },
    stderr: { write: text => (stderr += text) },
    stdin: (async function* () {})(),
    env: { MAPSEAL_SERVER_TOKEN: 'a-token-of-the-environment' },
    cwd,
    async untilStopped() {
      const { url, needsTokens } = JSON.parse(stdout)
      expect(needsTokens).toBe(true)
      for (const token of ['wrong', 'a-token-of-the-environment']) {
        const answer = await fetch(`${url}/metrics`, { headers: { Authorization: `Bearer ${token}` } })
        statuses.push(answer.status)
        await answer.text()
      }
    },
  })
  expect([code, statuses]).toEqual([0, [401, 200]])
  expect(Object.keys(JSON.parse(stdout))).toEqual(['url', 'vault', 'org', 'projects', 'needsTokens'])
  for (const line of stderr.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('event')
  expect(stderr).not.toContain('a-token-of-the-environment')
})

test('keeps as many events as --events allows', async () => {
  let stdout = ''
  const counts: number[] = []
  const code = await main(['serve', '--port', '0', '--json', '--events', '2', '--events-days', '7'], {
    stdout: { write: text => (stdout += text) },
    stderr: { write() {} },
    stdin: (async function* () {})(),
    env: {},
    cwd,
    async untilStopped() {
      const { url, projects } = JSON.parse(stdout)
      const { username } = new URL(projects[0].dsn)
      for (let count = 0; count < 3; count++) {
        await fetch(`${url}/api/app/store/?sentry_key=${username}`, { method: 'POST', body: '{"message":"hello"}' })
      }
      const { groups } = (await (await fetch(`${url}/api/events`)).json()) as { groups: { count: number }[] }
      counts.push(...groups.map(({ count }) => count))
    },
  })
  expect([code, counts]).toEqual([0, [2]])
})

test('tokens are created, listed and revoked', async () => {
  const created = await run(['serve', 'token', 'create', '--access', 'write', '--name', 'CI'], { cwd })
  expect(created.code).toBe(0)
  expect(created.stdout).toMatch(/^mapseal_[0-9a-f]{12}_[\w-]{43}\n$/)
  const [, id = ''] = created.stdout.split('_')
  const listed = await run(['serve', 'token', 'list'], { cwd })
  expect(listed.stdout).toMatch(new RegExp(`${id}\\s+write\\s+20\\d\\d-\\d\\d-\\d\\d\\s+CI`))
  const beyond = await run(['serve', '--port', '0', '--host', '0.0.0.0', '--vault', '.mapseal'], { cwd })
  const advised =
    'a token of "mapseal serve token create --access write --vault .mapseal"\n  Clients cannot use this address'
  expect([beyond.code, beyond.stdout]).toEqual([0, expect.stringContaining(advised)])
  const spaced = await run(['serve', '--port', '0', '--vault', 'my maps'], {
    cwd,
    env: { MAPSEAL_SERVER_TOKEN: 't'.repeat(20) },
  })
  expect(spaced.stdout).toContain("--access write --vault 'my maps'\"")
  const proxied = await run(['serve', '--port', '0', '--host', '0.0.0.0', '--url', 'https://maps.example'], { cwd })
  expect([proxied.code, proxied.stdout]).toEqual([0, expect.not.stringContaining('Clients cannot')])
  expect((await run(['serve', 'token', 'revoke', id, '--json'], { cwd })).stdout).toBe(`{\n  "revoked": "${id}"\n}\n`)
  expect(JSON.parse((await run(['serve', 'token', 'list', '--json'], { cwd })).stdout)).toEqual([])
})

test('keys are created, listed and revoked', async () => {
  const project = ['--project', 'shop']
  const created = await run(['serve', 'key', 'create', ...project], { cwd })
  expect([created.code, created.stdout]).toEqual([0, expect.stringMatching(/^[\da-f]{32}\n$/)])
  const listed = JSON.parse((await run(['serve', 'key', 'list', ...project, '--json'], { cwd })).stdout)
  expect(listed.map(({ key }: { key: string }) => `${key}\n`)).toEqual([expect.any(String), created.stdout])
  const revoked = await run(['serve', 'key', 'revoke', listed[0].key, ...project], { cwd })
  expect([revoked.code, revoked.stdout]).toEqual([0, expect.stringContaining('is revoked')])
  const table = await run(['serve', 'key', 'list', ...project], { cwd })
  expect(table.stdout).toMatch(/^KEY +SINCE\n[\da-f]{32} +20\d\d-\d\d-\d\d\n$/)
})

test.each([
  [['serve', 'key'], 2, 'Use "mapseal serve key create'],
  [['serve', 'key', 'revoke', 'x'], 1, 'has no key "x"'],
  [['serve', 'key', 'list', '--port', '5'], 2, '"mapseal serve key list" takes no --port.'],
  [['serve', '--trusted-proxy', 'x'], 1, '"x" is not the address or network of a proxy'],
  [['serve', '--allow-origin', 'shop.example'], 1, '"shop.example" is not an origin'],
  [['serve', 'tokn'], 2, 'There is no sub-command "tokn"'],
  [['serve', '--port', 'x'], 2, '--port takes a number'],
  [['serve', '--events', '0'], 2, '--events takes a number from 1 to 999999, not "0".'],
  [['serve', '--events-days', 'week'], 2, '--events-days takes a number'],
  [['serve', 'token', 'create'], 2, '--access must be'],
  [['serve', 'token', 'revoke'], 2, 'Use "mapseal serve token create'],
  [['serve', 'token', 'list', 'x'], 2, 'Unexpected argument "x"'],
  [['serve', 'token', 'revoke', 'x'], 1, 'There is no token "x"'],
  [['serve', '--host', '0.0.0.0'], 1, 'Set MAPSEAL_SERVER_TOKEN'],
  [['serve', '--port', '0', '--url', 'https://maps.example'], 1, 'Set MAPSEAL_SERVER_TOKEN'],
])('%j ends with %i', async (args, code, text) => {
  const outcome = await run(args, { cwd })
  expect([outcome.code, outcome.stderr]).toEqual([code, expect.stringContaining(text)])
})

test('where the server is not installed, it says how to', async () => {
  // As if it were not beside us, nor in the project.
  const hook = `export async function resolve(name, context, next) {
    if (name !== '@mapseal/server') return next(name, context)
    throw Object.assign(new Error("Cannot find package '@mapseal/server'"), { code: 'ERR_MODULE_NOT_FOUND' })
  }`
  const asUrl = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`
  const register = asUrl(`import { register } from 'node:module'; register(${JSON.stringify(asUrl(hook))})`)
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  const bin = join(import.meta.dirname, '../../mapseal/bin/mapseal.js')
  const args = ['-C', 'mapseal-source', '--import', tsx, '--import', register, bin, 'serve', '--port', '0']
  const { code, stdout, stderr } = await runNode(args, { cwd })
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toContain(
    '"mapseal serve" needs a package that is not installed. Install it: npm install --save-dev @mapseal/server',
  )
})
