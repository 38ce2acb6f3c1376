import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { folderStore } from '../src/vault/folder.ts'
import { processSpace } from '../src/vault/process.ts'
import { temporaryName } from '../src/vault/temporary.ts'
import { storeContract } from './store-contract.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'store-'))
})
afterAll(() => rm(root, { recursive: true }))

let count = 0
storeContract(async (name = `store-${count++}`) => folderStore(join(root, name)))

test('what links and foreign names lead to is not listed', async () => {
  const dir = join(root, 'foreign')
  const store = folderStore(dir)
  await store.put('a/b', Buffer.from('x'))
  await writeFile(join(root, 'outside'), 'x')
  await symlink(join(root, 'outside'), join(dir, 'a/link'))
  await symlink(root, join(dir, 'a/folder'))
  await writeFile(join(dir, 'a/.DS_Store'), '')
  await writeFile(join(dir, 'a/gruß'), '')
  const keys = []
  for await (const { key } of store.list('a/')) keys.push(key)
  expect(keys).toEqual(['a/b'])
})

test('what is touched counts as written now', async () => {
  const dir = join(root, 'touched')
  const store = folderStore(dir)
  await store.put('a/b', Buffer.from('x'))
  const old = new Date(Date.now() - 3_600_000)
  await utimes(join(dir, 'a/b'), old, old)
  await store.touch('a/b')
  for await (const { modified } of store.list('a/')) expect(Date.now() - modified.getTime()).toBeLessThan(60_000)
})

test('a folder that cannot be read is an error, not an empty store', async () => {
  const dir = join(root, 'unreadable')
  await mkdir(join(dir, 'a/b'), { recursive: true })
  await expect(folderStore(dir).get('a/b')).rejects.toThrow(/unreadable\/a\/b cannot be read: EISDIR/)
})

describe('what lies in tmp/', () => {
  const hours = (count: number) => new Date(Date.now() - count * 3_600_000)
  const elsewhere = '0123456789abcdef'

  /** A process that has ended. */
  async function goneProcess(): Promise<number> {
    const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
    await once(child, 'exit')
    return child.pid as number
  }

  async function tidied(files: Record<string, Date>): Promise<string[]> {
    const dir = await mkdtemp(join(root, 'tidy-'))
    await mkdir(join(dir, 'tmp'))
    for (const [name, time] of Object.entries(files)) {
      await writeFile(join(dir, 'tmp', name), '')
      await utimes(join(dir, 'tmp', name), time, time)
    }
    const store = folderStore(dir)
    const abandoned = await store.abandoned?.()
    await store.tidy?.()
    const left = await readdir(join(dir, 'tmp'))
    expect(abandoned).toEqual(
      Object.keys(files)
        .filter(name => !left.includes(name))
        .sort()
        .map(name => join(dir, 'tmp', name)),
    )
    return left
  }

  test('is cleared away at once if its process is gone, and never while it runs', async () => {
    const [killed, own] = [`00.${await goneProcess()}.${processSpace()}`, temporaryName('01')]
    expect(await tidied({ [killed]: new Date(), [own]: hours(48) })).toEqual([own])
  })

  test('of another container or machine is spared for a day, though no process here has its ID', async () => {
    const pid = await goneProcess()
    const [old, young] = [`00.${pid}.${elsewhere}`, `01.${pid}.${elsewhere}`]
    expect(await tidied({ [old]: hours(25), [young]: hours(23) })).toEqual([young])
  })

  test('under a name that an earlier version gave goes after a day', async () => {
    const [old, young] = [`00.1.${hostname()}`, `01.1.${hostname()}`]
    expect(await tidied({ [old]: hours(25), [young]: hours(23) })).toEqual([young])
  })

  test.runIf(canUnshare())('of a live build is spared by another container that shares the folder', async () => {
    const dir = await mkdtemp(join(root, 'shared-'))
    const script = (...lines: string[]) => [
      '-C',
      'mapseal-source',
      '--import',
      import.meta.resolve('tsx'),
      '--input-type=module',
      '--eval',
      [
        `import { folderStore } from ${JSON.stringify(new URL('../src/vault/folder.ts', import.meta.url).href)}`,
        `const store = folderStore(${JSON.stringify(dir)})`,
        ...lines,
      ].join('\n'),
    ]
    // Equal host names, and process IDs that begin at 1 in each: that of the first exists here alone.
    const busy = 'i=0; while [ $i -lt 60 ]; do true & wait; i=$((i+1)); done; "$@"'
    const container = (...command: string[]) =>
      spawn('unshare', ['-Urpf', '--mount-proc', ...command], { stdio: ['pipe', 'pipe', 'inherit'] })
    const writer = container(
      ...['sh', '-c', busy, 'sh', process.execPath],
      ...script(
        "const writer = store.create('packs/a')",
        'await writer.append(Buffer.alloc(2 << 20))',
        "console.log('written')",
        "process.stdin.once('data', async () => { await writer.commit(); process.exit() })",
      ),
    )
    await once(writer.stdout, 'data')
    const other = container(process.execPath, ...script('await store.tidy()'))
    expect(await once(other, 'exit')).toEqual([0, null])
    writer.stdin.write('commit')
    expect(await once(writer, 'exit')).toEqual([0, null])
    expect((await folderStore(dir).get('packs/a'))?.length).toBe(2 << 20)
  })
})

/** A process namespace of one's own, as a container has it: Linux, where users may make them. */
function canUnshare(): boolean {
  return spawnSync('unshare', ['-Urpf', '--mount-proc', 'true']).status === 0
}

test('a file that cannot take its place leaves nothing behind', async () => {
  const dir = await mkdtemp(join(root, 'blocked-'))
  await mkdir(join(dir, 'a/b/c'), { recursive: true })
  await expect(folderStore(dir).put('a/b', Buffer.from('x'))).rejects.toThrow(/cannot be written: EISDIR|ENOTEMPTY/)
  expect(await readdir(join(dir, 'tmp'))).toEqual([])
})
