import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Network } from '../../http/types.ts'
import { checkKey, checkPrefix, isKey, type Store } from '../store.ts'
import { openBucket, type S3Bucket } from './bucket.ts'
import { writeObject } from './write.ts'

/** Young enough that no pruning by age takes it soon; so that most builds change nothing in the store. */
const youngMs = 20 * 60 * 1000
/** An upload that takes longer was abandoned. */
const abandonedMs = 24 * 60 * 60 * 1000

/** A store in a bucket of any S3-compatible storage: `s3://bucket/prefix`. Without conditional writes `update` is not exclusive. @throws MapsealError */
export function s3Store(location: string, { ca }: Network = {}): Store {
  const bucket = openBucket(location, { ca })
  let exclusive: Promise<boolean> | undefined
  return {
    location: bucket.url,
    get: async (key, range) => bucket.get(checkKey(key), range),
    put: async (key, bytes) => bucket.put(checkKey(key), bytes),
    update: (key, change) => update(bucket, checkKey(key), change),
    isExclusive: () => (exclusive ??= refusesOutdated(bucket)),
    create: key => writeObject(bucket, checkKey(key)),
    has: async key => (await bucket.head(checkKey(key))) !== undefined,

    async touch(key, least = 0) {
      const found = await bucket.head(checkKey(key))
      if (!found || found.size < least) return false
      return found.modified.getTime() > Date.now() - youngMs || bucket.renew(key, found.size)
    },

    async *list(prefix, after) {
      for await (const object of bucket.list(checkPrefix(prefix), after)) if (isKey(object.key)) yield object
    },

    delete: async key => bucket.delete(checkKey(key)),
    // All that comes in pieces; others may have uploads in the same bucket.
    tidy: () => bucket.endUploads('packs/', abandonedMs),
  }
}

async function update(bucket: S3Bucket, key: string, change: Parameters<Store['update']>[1]): Promise<void> {
  for (;;) {
    const found = await bucket.getTagged(key)
    const changed = change(found?.bytes)
    if (!changed || (await bucket.replace(key, changed, found?.tag))) return
    await sleep(randomInt(10, 200))
  }
}

/** Some stores pass over conditions that they do not know, so one is tried that does not hold. */
async function refusesOutdated(bucket: S3Bucket): Promise<boolean> {
  const key = 'commands/conditional-writes'
  const bytes = Buffer.from('Tells whether this store knows conditional writes.\n')
  await bucket.put(key, bytes)
  return !(await bucket.replace(key, bytes, '"00000000000000000000000000000000"'))
}
