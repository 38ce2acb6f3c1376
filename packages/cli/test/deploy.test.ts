import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { run } from './run.ts'
import { startVendor, type Vendor, writeConfig } from './vendor.ts'

let dir: string
let vendor: Vendor
beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'deploy-')))
  vendor = await startVendor()
  await writeConfig(dir, vendor)
})
afterEach(async () => {
  await vendor.stop()
  await rm(dir, { recursive: true })
})

const deploy = (args: string[], env: NodeJS.ProcessEnv = {}) => run(['deploy', ...args], { cwd: dir, env })

it('marks the rollout at each destination that keeps deploys, and names the others', async () => {
  const { code, stdout, stderr } = await deploy(['--env', 'production', '--release', '1.4.0'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toBe('✓ alpha: 1.4.0 deployed to production\n- beta keeps no deploys\n')
  expect(vendor.requests).toEqual([
    {
      call: 'POST /alpha-deploys',
      body: { release: '1.4.0', environment: 'production' },
      agent: expect.stringMatching(/^mapseal\/\d/),
    },
  ])
})

it('passes all its options on, with times in one format', async () => {
  const times = ['--started', '2026-11-21T12:15:00+02:00', '--finished', '2026-11-21T10:16:00Z']
  const args = ['--env', 'staging', '--release', '1', ...times, '--name', 'blue', '--url', 'https://shop.example']
  const { code, stdout } = await deploy([...args, '--json'])
  expect(code).toBe(0)
  const rollout = {
    release: '1',
    environment: 'staging',
    name: 'blue',
    url: 'https://shop.example',
    started: '2026-11-21T10:15:00.000Z',
    finished: '2026-11-21T10:16:00.000Z',
  }
  expect(JSON.parse(stdout)).toEqual({
    ...rollout,
    destinations: [
      { destination: 'alpha', state: 'marked' },
      { destination: 'beta', state: 'unsupported' },
    ],
  })
  expect(vendor.requests).toMatchObject([{ body: rollout }])
})

it.each([
  ['the config', 'release: "2.0.0", ', { SENTRY_RELEASE: '1.4.0' }, '2.0.0'],
  ['the environment', '', { SENTRY_RELEASE: '1.4.0', GITHUB_SHA: 'abc' }, '1.4.0'],
  ['the commit of the CI', '', { GITHUB_SHA: 'abc1234' }, 'abc1234'],
])('finds the release as the plugin does: %s', async (_, options, env, release) => {
  await writeConfig(dir, vendor, `${options}destinations: [alpha]`)
  await deploy(['--env', 'production'], env)
  expect(vendor.requests).toMatchObject([{ body: { release } }])
})

it('fails where a destination does, and says why', async () => {
  vendor.statuses['/alpha-deploys'] = 403
  const { code, stdout } = await deploy(['--env', 'production', '--release', '1.4.0'])
  expect(code).toBe(1)
  expect(stdout).toMatch(/^✗ alpha: .*403/)
})

it('does not advise a flush, which does not mark deploys', async () => {
  vendor.statuses['/alpha-deploys'] = 422
  const refused = await deploy(['--env', 'production', '--release', '1.4.0'])
  await vendor.stop()
  const unreachable = await deploy(['--env', 'production', '--release', '1.4.0'])
  expect(unreachable.stdout).toContain('could not be reached')
  expect(refused.stdout + unreachable.stdout).not.toContain('flush')
}, 120_000)

it('fails where no destination keeps deploys', async () => {
  await writeConfig(dir, vendor, 'destinations: [beta]')
  const { code, stdout } = await deploy(['--env', 'production', '--release', '1.4.0'])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '- beta keeps no deploys\n' })
})

it.each([
  ['no environment', [], 2, '--env is missing: --env production.'],
  ['an invalid time', ['--env', 'x', '--started', 'noon'], 2, '--started takes an ISO 8601 time'],
  [
    'an end before the beginning',
    ['--env', 'x', '--started', '2026-11-21', '--finished', '2026-11-20'],
    2,
    '--finished is before --started.',
  ],
  ['no release', ['--env', 'x'], 1, 'No release was found'],
])('refuses %s', async (_, args, code, message) => {
  const outcome = await deploy(args)
  expect(outcome).toMatchObject({ code, stdout: '' })
  expect(outcome.stderr).toContain(message)
  expect(vendor.requests).toEqual([])
})

it('needs a destination', async () => {
  await writeConfig(dir, vendor, '')
  const { code, stderr } = await deploy(['--env', 'x', '--release', '1'])
  expect(code).toBe(1)
  expect(stderr).toContain('No destination is configured. List them under "destinations" in mapseal.config.{ts,js,mjs}')
})
