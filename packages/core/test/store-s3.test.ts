import { afterAll, beforeAll, expect, test } from 'vitest'
import { startBucket, type TestBucket } from '../../../test/support/s3.ts'
import { s3Store } from '../src/vault/s3/store.ts'
import { storeContract } from './store-contract.ts'
import { vaultContract } from './vault-contract.ts'

let bucket: TestBucket
beforeAll(async () => {
  bucket = await startBucket()
})
afterAll(() => bucket?.stop())

let count = 0
const open = async (name = `store-${count++}`) => s3Store(`${bucket.url}/${name}`)
storeContract(open)
vaultContract(open)

test('lists more than a page', async () => {
  const store = s3Store(`${bucket.url}/pages`)
  const keys = Array.from({ length: 1020 }, (_, index) => `a/${String(index).padStart(4, '0')}`)
  await Promise.all(keys.map(key => store.put(key, Buffer.from('x'))))
  const listed = []
  for await (const { key } of store.list('a/')) listed.push(key)
  expect(listed).toEqual(keys)
})
