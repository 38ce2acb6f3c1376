import { readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openStore } from '@mapseal/core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { startBucket, type TestBucket } from '../../../test/support/s3.ts'
import { run } from './run.ts'
import { sealedShop } from './sealed-shop.ts'

let dir: string
beforeEach(async () => {
  dir = (await sealedShop()).dir
})
afterEach(() => rm(dir, { recursive: true }))

const id = '20261121T101500123Z-9f3c21ab'
const record = () => join(dir, '.mapseal/builds', `${id}.json`)
const verify = (...args: string[]) => run(['vault', 'verify', ...args], { cwd: dir })

async function packPath(): Promise<string> {
  const [pack] = await readdir(join(dir, '.mapseal/packs'))
  return join(dir, '.mapseal/packs', `${pack}`)
}

interface Blob {
  sha256: string
  size: number
  offset: number
  length: number
}

/** Changes what the record says. */
async function edit(change: (file: { code: Blob; map: Blob; problem?: string }) => void): Promise<void> {
  const build = JSON.parse(await readFile(record(), 'utf8'))
  change(build.files[0])
  await writeFile(record(), JSON.stringify(build))
}

it('says that a vault is whole, and how much of it was read', async () => {
  const { code, stdout, stderr } = await verify()
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^✓ \.mapseal: 1 build, 1 pack, 0\.\d MB read, nothing is broken\n$/)
  const json = JSON.parse((await verify('--json')).stdout)
  expect(json).toMatchObject({ builds: 1, packs: 1, problems: [], unreferenced: [], abandoned: [] })
  expect(json.bytes).toBeGreaterThan(100)
})

describe('says what is broken', () => {
  const cases: [what: string, damage: () => Promise<unknown>, message: RegExp][] = [
    ['a record that is no JSON', () => writeFile(record(), '{'), /builds\/.*\.json is not a build record: .*JSON/],
    [
      'a record of a later version',
      () => writeFile(record(), '{"version":2}'),
      /is not a build record: .*update Mapseal/,
    ],
    ['other JSON', () => writeFile(record(), '{"version":0}'), /is not a build record: .*version 1/],
    [
      'a record that does not say where a file lies',
      () => edit(file => Object.assign(file.code, { offset: -1 })),
      /\.json is not a whole build record: it does not say where 1 of its files lie, such as assets\/shop-3f2a\.js/,
    ],
    ['a pack that is absent', async () => rm(await packPath()), /packs\/\S+ is absent: assets\/shop-3f2a\.js of build/],
    [
      'a truncated pack',
      async () => truncate(await packPath(), 150),
      /packs\/\S+ ends before byte \d+: assets\/shop-3f2a\.js of build 20261121T101500123Z-9f3c21ab cannot be read/,
    ],
    ['an empty pack', async () => truncate(await packPath(), 0), /packs\/\S+ ends before byte \d+: /],
    [
      'a bit that flipped',
      async () => {
        const bytes = await readFile(await packPath())
        bytes[50] = (bytes[50] as number) ^ 1
        await writeFile(await packPath(), bytes)
      },
      /packs\/\S+ has other bytes \(CRC-32\) at byte 0: /,
    ],
    [
      'a wrong size',
      () => edit(file => Object.assign(file.code, { size: 1e6 })),
      /holds \d+ bytes, not 1000000, at byte 0/,
    ],
    [
      'another file',
      () => edit(file => Object.assign(file.code, { sha256: file.map.sha256 })),
      /holds another file \(SHA-256\) at byte 0/,
    ],
    [
      'a map that does not parse',
      () => edit(file => Object.assign(file.map, file.code)),
      /holds a source map at byte 0 that does not parse: /,
    ],
  ]
  it.each(cases)('%s', async (_, damage, message) => {
    await damage()
    const { code, stdout } = await verify()
    expect(stdout).toMatch(message)
    expect(code).toBe(1)
    expect(stdout).toMatch(/^✗ \.mapseal: .*, 1 problem\. Restore these files from a copy/m)
    expect(JSON.parse((await verify('--json')).stdout).problems).toMatchObject([{ builds: [id] }])
  })

  it('once for a pack, with all the builds and files that it is needed for', async () => {
    const build = JSON.parse(await readFile(record(), 'utf8'))
    const files = Array.from({ length: 7 }, (_, index) => ({ ...build.files[0], path: `${index}.js` }))
    const newer = '20261122T101500123Z-00000001'
    const json = JSON.stringify({ ...build, id: newer, files })
    await writeFile(join(dir, '.mapseal/builds', `${newer}.json`), json)
    await rm(await packPath())
    const { stdout } = await verify()
    expect(stdout).toContain(`0.js, 1.js, 2.js, 3.js, 4.js and 3 more of build ${newer} and 1 other cannot be read`)
  })

  it('but not a map that the build itself found at fault', async () => {
    await edit(file => Object.assign(file, { map: file.code, problem: 'its source map is no JSON' }))
    expect(await verify()).toMatchObject({ code: 0 })
  })
})

it('lists what no build names, and what killed builds left, which is not broken', async () => {
  const store = openStore(undefined, dir)
  await store.put('packs/20261121T101500123Z-0000000000000000', Buffer.from('x'))
  await writeFile(join(dir, '.mapseal/tmp/00.999999999.elsewhere'), '')
  await utimes(join(dir, '.mapseal/tmp/00.999999999.elsewhere'), 0, 0)
  const { code, stdout } = await verify()
  expect(code).toBe(0)
  expect(stdout).toMatch(/^Named by no build .*\n {2}\.mapseal\/packs\/20261121T101500123Z-0000000000000000\n/)
  expect(stdout).toMatch(/^Temporary files .*\n {2}\.mapseal\/tmp\/00\.999999999\.elsewhere\n/m)
})

it('shows how far it is on a terminal, where that takes longer than a moment', async () => {
  let time = 0
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => (time += 2000))
  const { code, stderr } = await run(['vault', 'verify'], { cwd: dir, isTTY: true }).finally(() => clock.mockRestore())
  expect(code).toBe(0)
  expect(stderr).toMatch(/^\r\[mapseal\] \[vault\] 0\.0 of 0\.0 MB █/)
  expect(stderr).toMatch(/█{24}\S*\r\S+$/)
})

it('refuses what it does not know, and a vault that is named and holds no build', async () => {
  expect(await run(['vault', 'mend'], { cwd: dir })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('"mend" is not known here. Try "mapseal vault --help".'),
  })
  expect(await run(['vault'], { cwd: dir })).toMatchObject({ code: 2 })
  expect((await verify('--vault', 'absent')).stderr).toContain('absent holds no build.')
})

describe('in a bucket', () => {
  let bucket: TestBucket
  beforeAll(async () => {
    bucket = await startBucket('verify')
  })
  afterAll(() => bucket?.stop())

  it('says the same', async () => {
    const location = `${bucket.url}/web`
    const [from, to] = [openStore(undefined, dir), openStore(location, dir)]
    for (const prefix of ['packs/', 'builds/'])
      for await (const { key } of from.list(prefix)) await to.put(key, (await from.get(key)) as Buffer)
    expect(await verify('--vault', location)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^✓ s3:\/\/verify\/web: 1 build, 1 pack, /),
    })
    for await (const { key } of to.list('packs/')) await to.put(key, ((await to.get(key)) as Buffer).subarray(0, -1))
    await to.put('builds/2.json', Buffer.from('{'))
    const { code, stdout } = await verify('--vault', location)
    expect(code).toBe(1)
    expect(stdout).toMatch(/ {2}s3:\/\/verify\/web\/builds\/2\.json is not a build record: /)
    expect(stdout).toMatch(/ {2}s3:\/\/verify\/web\/packs\/\S+ ends before byte \d+: /)
    expect(stdout).toContain(', 2 problems. ')
  })
})
