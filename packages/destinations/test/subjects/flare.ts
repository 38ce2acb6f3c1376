import { inflateRawSync } from 'node:zlib'
import { flare } from '../../src/flare.ts'
import { vendorSubject } from '../vendor-subject.ts'

export const subject = vendorSubject({
  create: ({ origin, secret = 'a-key' }) => flare({ key: secret, url: `${origin}/api/sourcemaps` }),
  mapOf: ({ body }) => inflateRawSync(Buffer.from(JSON.parse(body.toString()).sourcemap, 'base64')),
})
