import { request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { type FaultServer, faultServer, type RecordedRequest, type Reply } from './fault-server.ts'
import type { TestBucket } from './s3.ts'

/** A proxy in front of a real store that passes everything on unless a fault is set; speaks `https:` if given a certificate. */
export async function s3Front({ store }: TestBucket, tls?: Parameters<typeof faultServer>[0]): Promise<FaultServer> {
  const front = await faultServer(tls)
  front.on('*', /.*/, recorded => passOn(recorded, store.endpoint))
  return front
}

/** With the host's name as it came: it is part of the signature. */
export function passOn(
  { method, path, query, headers, body }: Omit<RecordedRequest, 'at' | 'connection'>,
  endpoint: string,
): Promise<Reply> {
  const search = query.size > 0 ? `?${query.toString().replaceAll('+', '%20')}` : ''
  return new Promise((resolve, reject) => {
    request(`${endpoint}${path}${search}`, { method, headers, agent: false }, answer => {
      const { 'transfer-encoding': _, 'content-length': length, ...others } = answer.headers as Record<string, string>
      const reply = { status: answer.statusCode ?? 0, headers: others }
      // What this store sends after the headers of an answer to HEAD is not HTTP.
      if (method === 'HEAD') resolve({ ...reply, headers: { ...others, 'content-length': length ?? '0' } })
      else buffer(answer).then(bytes => resolve({ ...reply, body: bytes }), reject)
    })
      .on('error', reject)
      .end(body)
  })
}
