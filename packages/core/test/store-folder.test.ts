import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { folderStore } from '../src/vault/folder.ts'
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

test('what a killed writer of another machine left is cleared away when it is old', async () => {
  const dir = join(root, 'tidy')
  const store = folderStore(dir)
  await store.put('a/b', Buffer.from('x'))
  const [old, young] = ['00.1.elsewhere', '01.1.elsewhere']
  for (const name of [old, young]) await writeFile(join(dir, 'tmp', name), '')
  const before = new Date(Date.now() - 2 * 3_600_000)
  await utimes(join(dir, 'tmp', old), before, before)
  await store.tidy?.()
  expect(await readdir(join(dir, 'tmp'))).toEqual([young])
})
