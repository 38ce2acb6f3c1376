import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { Client } from './client.ts'

const org = '/api/0/organizations/mapseal'
const boundary = '----mapseal-load'

interface Outcome {
  state?: string
  missingChunks?: string[]
}

/** Uploads as sentry-cli does: assemble, send chunks, and assemble again until done. @throws the error that the server reports */
export async function upload(client: Client, bundle: Buffer, version: string): Promise<void> {
  const checksum = createHash('sha1').update(bundle).digest('hex')
  const asked = { checksum, chunks: [checksum], projects: ['app'], version }
  let outcome = await assemble(client, asked)
  if (outcome.missingChunks?.length) {
    await sendChunk(client, checksum, bundle)
    outcome = await assemble(client, asked)
  }
  while (outcome.state === 'created' || outcome.state === 'assembling') outcome = await assemble(client, asked)
  if (outcome.state !== 'ok') throw new Error(`assemble: ${JSON.stringify(outcome)}`)
}

async function assemble(client: Client, asked: unknown): Promise<Outcome> {
  const { status, body } = await client.json('POST', `${org}/artifactbundle/assemble/`, asked)
  if (status !== 200) throw new Error(`assemble: ${status} ${JSON.stringify(body)}`)
  return body as Outcome
}

async function sendChunk(client: Client, name: string, bytes: Buffer): Promise<void> {
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file_gzip"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`
  const body = Buffer.concat([Buffer.from(head), gzipSync(bytes, { level: 1 }), Buffer.from(`\r\n--${boundary}--\r\n`)])
  const { status, body: text } = await client.send(
    'POST',
    `${org}/chunk-upload/`,
    `multipart/form-data; boundary=${boundary}`,
    body,
  )
  if (status !== 200) throw new Error(`chunk-upload: ${status} ${text}`)
}
