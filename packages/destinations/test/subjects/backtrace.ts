import { gunzipSync } from 'node:zlib'
import { backtrace } from '../../src/backtrace.ts'
import { vendorSubject } from '../../src/contract/index.ts'

export const subject = vendorSubject({
  create: ({ origin, secret = 'a-key' }) =>
    backtrace({ url: `${origin}/universe/${encodeURIComponent(secret)}/sourcemap` }),
  mapOf({ body }) {
    const archive = gunzipSync(body)
    const size = Number.parseInt(archive.toString('ascii', 124, 135), 8)
    return archive.subarray(512, 512 + size)
  },
  answer: () => ({ response: 'ok', _rxid: '1' }),
})
