import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { type S3Store, startS3 } from '../../scripts/s3.mjs'

/** A real object store with an empty bucket, which this process and its children find by the environment. */
export interface TestBucket {
  name: string
  /** `s3://bucket` */
  url: string
  store: S3Store
  /** For what is looked at past Mapseal. */
  client: S3Client
  stop(): Promise<void>
}

export async function startBucket(name = 'maps'): Promise<TestBucket> {
  const store = await startS3()
  const before = Object.fromEntries(Object.keys(store.env).map(key => [key, process.env[key]]))
  Object.assign(process.env, store.env)
  const client = new S3Client({
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  await client.send(new CreateBucketCommand({ Bucket: name }))
  return {
    name,
    url: `s3://${name}`,
    store,
    client,
    async stop() {
      client.destroy()
      for (const [key, value] of Object.entries(before)) {
        if (value === undefined) delete process.env[key]
        else process.env[key] = value
      }
      await store.stop()
    },
  }
}
