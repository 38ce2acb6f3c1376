import { mkdtemp, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BuildRecord, type Delivery, openVault, processName } from '@mapseal/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { run } from './run.ts'
import { startVendor, type Vendor, writeConfig } from './vendor.ts'

let dir: string
let vendor: Vendor
beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'flush-')))
  vendor = await startVendor()
  await writeFile(join(dir, 'package.json'), '{}')
  await writeConfig(dir, vendor)
})
afterEach(async () => {
  await vendor.stop()
  await rm(dir, { recursive: true })
})

const older = '20261120T101500123Z-00000001'
const newer = '20261121T101500123Z-00000002'
const flush = (...args: string[]) => run(['flush', ...args], { cwd: dir })

/** A build of one artifact in the vault, with deliveries in these states. */
async function addBuild(
  id: string,
  states: Record<string, Delivery['state']>,
  facts: Partial<BuildRecord> = {},
): Promise<void> {
  const vault = openVault(undefined, dir)
  const debugId = `0000000${id.at(-1)}-0000-8000-a000-000000000000`
  const artifact = { path: 'a.js', debugId, code: Buffer.from(id), map: Buffer.from('{}') }
  const at = '2026-11-21T10:15:04.000Z'
  const pack = vault.newPack()
  const blobs = await pack.put(artifact)
  await pack.commit()
  await vault.record({
    id,
    version: 1,
    createdAt: at,
    release: { name: '1.4.0', source: 'option' },
    files: [{ path: 'a.js', outDir: 'dist', debugId, ...blobs }],
    deliveries: Object.fromEntries(Object.entries(states).map(([name, state]) => [name, { state, at }])),
    ...facts,
  })
}

it('delivers what is pending, oldest build first, once', async () => {
  await addBuild(newer, { alpha: 'failed', beta: 'delivered' })
  await addBuild(older, { alpha: 'pending', beta: 'pending' })
  const { code, stdout, stderr } = await flush()
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toBe(
    [
      `✓ ${older} (1.4.0) alpha delivered, artifacts there: 1`,
      `✓ ${older} (1.4.0) beta delivered, artifacts there: 1`,
      `✓ ${newer} (1.4.0) alpha delivered, artifacts there: 1`,
      'Everything is delivered.',
      '',
    ].join('\n'),
  )
  const builds = vendor.requests.map(({ call, body }) => `${call} ${(body as { build: string }).build}`)
  expect(builds.slice(0, 2).sort()).toEqual([`POST /alpha ${older}`, `POST /beta ${older}`])
  expect(builds.slice(2)).toEqual([`POST /alpha ${newer}`])

  expect(await flush()).toEqual({ code: 0, stdout: 'The builds in .mapseal have no pending deliveries.\n', stderr: '' })
  expect(vendor.requests).toHaveLength(3)
})

it('says so where the vault is empty', async () => {
  expect(await flush()).toEqual({ code: 0, stdout: 'The builds in .mapseal have no pending deliveries.\n', stderr: '' })
})

it('fails while anything is pending, delivers the rest, and the next run finishes', async () => {
  await addBuild(older, { alpha: 'pending', beta: 'pending' })
  vendor.statuses['/alpha'] = 403
  const { code, stdout } = await flush()
  expect(code).toBe(1)
  expect(stdout).toMatch(new RegExp(`^✗ ${older} \\(1\\.4\\.0\\) alpha failed: .*403`, 'm'))
  expect(stdout).toContain(`✓ ${older} (1.4.0) beta delivered`)
  expect(stdout).toContain('1 of 2 not yet delivered; the source maps stay in .mapseal.')

  vendor.statuses['/alpha'] = 200
  expect(await flush()).toMatchObject({ code: 0 })
  expect(vendor.requests.filter(({ call }) => call === 'POST /beta')).toHaveLength(1)
})

it('names a destination that is pending but not configured', async () => {
  await addBuild(older, { gamma: 'pending', alpha: 'pending' })
  const { code, stdout } = await flush()
  expect(code).toBe(1)
  expect(stdout).toContain(
    `✗ ${older} (1.4.0) gamma pending, but no destination of this name is configured. Add it under "destinations" in mapseal.config.{ts,js,mjs}`,
  )
  expect(stdout).toContain(`✓ ${older} (1.4.0) alpha delivered`)
})

it('drops what is pending for a destination that is named, and delivers nothing', async () => {
  await addBuild(older, { gamma: 'pending', alpha: 'pending' })
  const { code, stdout } = await flush('--forget', 'gamma')
  expect([code, stdout]).toEqual([0, '1 delivery dropped; nothing in .mapseal is pending for gamma.\n'])
  expect(JSON.parse((await flush('--forget', 'gamma', '--json')).stdout)).toMatchObject({ forgotten: 0 })
  expect(vendor.requests).toEqual([])
  expect(await flush()).toMatchObject({ code: 0, stdout: expect.stringContaining('alpha delivered') })
})

it('prints JSON', async () => {
  await addBuild(older, { gamma: 'pending', alpha: 'pending' })
  const { code, stdout } = await flush('--json')
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({
    vault: join(dir, '.mapseal'),
    pending: 1,
    deliveries: [
      {
        build: older,
        release: '1.4.0',
        destination: 'gamma',
        isConfigured: false,
        delivery: { state: 'pending' },
      },
      { destination: 'alpha', isConfigured: true, delivery: { state: 'delivered', artifacts: 1 } },
    ],
  })
})

it('passes over a build record that cannot be read, and names it', async () => {
  await addBuild(older, { alpha: 'pending' })
  await writeFile(join(dir, '.mapseal/builds/20261122T000000000Z-00000000.json'), '{')
  const { code, stderr } = await flush()
  expect(code).toBe(0)
  expect(stderr.match(/20261122T000000000Z-00000000\.json cannot be read/g)).toHaveLength(1)
})

it('passes over a build that is still running, and says so', async () => {
  const createdAt = new Date().toISOString()
  await addBuild(older, { alpha: 'pending' }, { state: 'open', openedBy: processName(), createdAt })
  const { code, stdout, stderr } = await flush()
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'Nothing to deliver yet: 1 build in .mapseal still running.\n' })
  expect(stderr).toBe(
    `[mapseal] [flush] Build ${older} was passed over: its process (${processName()}) is still running.\n`,
  )
  expect(JSON.parse((await flush('--json')).stdout)).toMatchObject({ pending: 0, running: [older] })
  expect(vendor.requests).toEqual([])
})

it('delivers a build that was not finished, and says so', async () => {
  await addBuild(older, { alpha: 'pending' }, { state: 'open', openedBy: '1.elsewhere' })
  const { code, stdout, stderr } = await flush()
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('alpha delivered') })
  expect(stderr).toContain(`Build ${older} was not finished: its process (1.elsewhere) ended before it did.`)
})

it('names a build record that cannot be read when a delivery is given up, too', async () => {
  await addBuild(older, { alpha: 'pending' })
  await writeFile(join(dir, '.mapseal/builds/20261122T000000000Z-00000000.json'), '{')
  const { code, stderr } = await flush('--forget', 'alpha')
  expect([code, stderr.match(/20261122T000000000Z-00000000\.json cannot be read/g)]).toEqual([0, [expect.anything()]])
})

it('refuses a vault that is named and holds no build', async () => {
  await addBuild(older, { alpha: 'pending' })
  const { code, stdout, stderr } = await flush('--vault', 'absent')
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain('absent holds no build.')
})

it('takes another vault, with the destinations of the config', async () => {
  await addBuild(older, { alpha: 'pending' })
  await rename(join(dir, '.mapseal'), join(dir, 'other'))
  expect(await flush('--vault', 'other')).toMatchObject({ code: 0 })
  expect(vendor.requests).toHaveLength(1)
})

it('stops at a destination that refuses the token, and says how many builds wait', async () => {
  const newest = '20261122T101500123Z-00000003'
  for (const id of [older, newer, newest]) await addBuild(id, { alpha: 'pending', beta: 'pending' })
  vendor.statuses['/alpha'] = 401
  const { code, stdout } = await flush()
  expect(code).toBe(1)
  expect(vendor.requests.filter(({ call }) => call === 'POST /alpha')).toHaveLength(1)
  expect(stdout.split('\n').filter(line => line.includes('alpha'))).toEqual([
    expect.stringMatching(new RegExp(`^✗ ${older} \\(1\\.4\\.0\\) alpha failed: .*401`)),
    '✗ 2 more builds wait for alpha',
  ])
  expect(stdout.match(/beta delivered/g)).toHaveLength(3)
  expect(stdout).toContain('3 of 6 not yet delivered')
  expect(JSON.parse((await flush('--json')).stdout).stopped).toMatchObject([
    { destination: 'alpha', waiting: [newer, newest] },
  ])
})

it('says what a destination lacks, and sends nothing', async () => {
  await writeConfig(dir, vendor, "destinations: [{ ...alpha, lacks: async () => 'No token. Set ALPHA_TOKEN.' }]")
  await addBuild(older, { alpha: 'pending' })
  const { code, stdout } = await flush()
  expect([code, stdout.split('\n')[0]]).toEqual([1, '✗ 1 build waits for alpha: No token. Set ALPHA_TOKEN.'])
  expect(vendor.requests).toEqual([])
})
