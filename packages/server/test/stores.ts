import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isLong } from '../../../test/long/files.ts'
import { startBucket, type TestBucket } from '../../../test/support/s3.ts'

/** Both kinds of vault, for tests that run on each. */
export interface StoreKind {
  name: 'folder' | 's3'
  start(): Promise<void>
  /** The location of a new, empty vault. */
  location(): Promise<string>
  stop(): Promise<void>
}

export const storeKinds: StoreKind[] = [folders(), buckets()]

/** For tests whose subject hardly depends on the kind: buckets are left to `npm run test:long`. */
export const alikeKinds: StoreKind[] = isLong ? storeKinds : [folders()]

function folders(): StoreKind {
  const made: string[] = []
  return {
    name: 'folder',
    start: async () => {},
    async location() {
      const dir = await mkdtemp(join(tmpdir(), 'mapseal-server-vault-'))
      made.push(dir)
      return dir
    },
    stop: async () => void (await Promise.all(made.map(dir => rm(dir, { recursive: true, force: true })))),
  }
}

function buckets(): StoreKind {
  let bucket: TestBucket | undefined
  let count = 0
  return {
    name: 's3',
    async start() {
      bucket = await startBucket()
    },
    location: async () => `${bucket?.url}/server-${count++}`,
    stop: async () => bucket?.stop(),
  }
}
