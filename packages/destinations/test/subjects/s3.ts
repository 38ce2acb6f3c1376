import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { startBucket, type TestBucket } from '../../../../test/support/s3.ts'
import type { Subject } from '../../src/contract/index.ts'
import { s3 } from '../../src/s3.ts'

let running: TestBucket | undefined
let count = 0

export const subject: Subject = {
  async start() {
    // One store for all cases: it takes seconds to start, and ends with this process.
    running ??= await startBucket()
    const bucket = running
    const prefix = `case-${count++}`
    return {
      origin: bucket.store.endpoint,
      create({ origin, secret }) {
        if (secret !== undefined)
          Object.assign(process.env, { AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: secret })
        return s3({ bucket: bucket.name, prefix, endpoint: origin })
      },
      async maps() {
        const { Contents = [] } = await bucket.client.send(
          new ListObjectsV2Command({ Bucket: bucket.name, Prefix: `${prefix}/` }),
        )
        const texts = await Promise.all(
          Contents.map(async ({ Key = '' }) => {
            const { Body } = await bucket.client.send(new GetObjectCommand({ Bucket: bucket.name, Key }))
            return (await Body?.transformToString()) ?? ''
          }),
        )
        return [...new Set(texts)].filter(text => 'mappings' in JSON.parse(text)).sort()
      },
      async stop() {
        delete process.env.AWS_SESSION_TOKEN
        Object.assign(process.env, bucket.store.env)
      },
    }
  },
  without: {
    'partial failure then resume': 'it skips by itself what is there',
    timeout: "its limits are the bucket's, 30 s and more: packages/core/test/s3-faults.test.ts waits with shorter ones",
  },
}
