import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { folderStore } from '../src/vault/folder.ts'
import { withLock } from '../src/vault/lock.ts'

/** Processes that change the same file of a vault at the same time, and are killed amid it. */

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lock-'))
})
afterEach(() => rm(dir, { recursive: true }))

const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

/** Runs a module in another process, with `store` of the same folder. */
async function run(program: string): Promise<[code: number | null, signal: string | null]> {
  const file = join(dir, `${Math.random()}.mts`)
  const source = JSON.stringify(join(import.meta.dirname, '../src/vault/folder.ts'))
  await writeFile(
    file,
    `import { folderStore } from ${source}\nconst store = folderStore(${JSON.stringify(join(dir, 'vault'))})\n${program}`,
  )
  return once(spawn(process.execPath, ['--import', loader, file], { stdio: 'inherit' }), 'exit') as Promise<
    [number | null, string | null]
  >
}

const store = () => folderStore(join(dir, 'vault'))
const count = async () => Number(await store().get('a/count'))

test('two processes that count in one file lose nothing', async () => {
  const program = `for (let left = 100; left > 0; left--)
    await store.update('a/count', bytes => Buffer.from(String(Number(bytes ?? 0) + 1)))`
  expect(await Promise.all([run(program), run(program), run(program)])).toEqual(Array(3).fill([0, null]))
  expect(await count()).toBe(300)
  expect(await readdir(join(dir, 'vault/tmp'))).toEqual([])
})

test('a process that is killed while it has the lock keeps nobody waiting', async () => {
  await store().put('a/count', Buffer.from('1'))
  const killed = `await store.update('a/count', () => {
    process.kill(process.pid, 'SIGKILL')
    return Buffer.from('damaged')
  })`
  for (let kill = 0; kill < 2; kill++) expect(await run(killed)).toEqual([null, 'SIGKILL'])
  // The second has deleted what the first left.
  expect(await readdir(join(dir, 'vault/tmp'))).toHaveLength(1)
  await store().update('a/count', bytes => Buffer.from(String(Number(bytes) + 1)))
  expect(await count()).toBe(2)
  expect(await readdir(join(dir, 'vault/tmp'))).toEqual([])
})

test('a file that is left of a lock in this very process counts for nothing', async () => {
  const tmp = join(dir, 'tmp')
  await mkdir(tmp)
  let name = ''
  await withLock(
    tmp,
    () => {},
    'key',
    async () => {
      name = (await readdir(tmp))[0] as string
    },
  )
  await writeFile(join(tmp, name), '')
  await withLock(
    tmp,
    () => {},
    'key',
    async () => {},
  )
  expect(await readdir(tmp)).toEqual([])
})

test('one has it at a time', async () => {
  let holders = 0
  const work = async (isHeld: () => boolean) => {
    holders += 1
    await new Promise(done => setTimeout(done, 1))
    expect([holders, isHeld()]).toEqual([1, true])
    holders -= 1
  }
  await mkdir(join(dir, 'tmp'))
  await Promise.all(Array.from({ length: 12 }, () => withLock(join(dir, 'tmp'), () => {}, 'key', work)))
  expect(holders).toBe(0)
})

test('a process that cannot be looked up is waited for, but not for ever', async () => {
  let minutes = 0
  const now = vi.spyOn(performance, 'now').mockImplementation(() => 60_000 * minutes)
  const tmp = join(dir, 'tmp')
  await mkdir(tmp)
  let name = ''
  await withLock(
    tmp,
    () => {},
    'key',
    async () => {
      name = (await readdir(tmp))[0] as string
    },
  )
  const foreign = name.replace(/\.\d+\.[\da-f]+$/, '.1.ffffffffffffffff')
  await writeFile(join(tmp, foreign), '')
  let isDone = false
  const waiting = withLock(
    tmp,
    () => {},
    'key',
    async () => {
      isDone = true
    },
  )
  await new Promise(done => setTimeout(done, 100))
  expect(isDone).toBe(false)
  minutes = 1
  await waiting
  expect(await readdir(tmp)).toEqual([])
  now.mockRestore()
})

test('a process that was halted so long that others took its lock begins again', async () => {
  let calls = 0
  await store().put('a/count', Buffer.from('1'))
  await store().update('a/count', bytes => {
    calls += 1
    const tmp = join(dir, 'vault/tmp')
    // Another process does what it would have done meanwhile.
    if (calls === 1) {
      for (const name of readdirSync(tmp)) rmSync(join(tmp, name))
      writeFileSync(join(dir, 'vault/a/count'), '10')
    }
    return Buffer.from(String(Number(bytes) + 1))
  })
  expect([await count(), calls]).toEqual([11, 2])
})

test('other keys do not wait', async () => {
  const tmp = join(dir, 'tmp')
  await mkdir(tmp)
  await withLock(
    tmp,
    () => {},
    'one',
    () =>
      withLock(
        tmp,
        () => {},
        'other',
        async () => {},
      ),
  )
})
