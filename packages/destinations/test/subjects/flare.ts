import { inflateRawSync } from 'node:zlib'
import { vendorSubject } from '../../src/contract/index.ts'
import { flare } from '../../src/flare.ts'

export const subject = vendorSubject({
  create: ({ origin, secret = 'a-key' }) => flare({ key: secret, url: `${origin}/api/sourcemaps` }),
  mapOf: ({ body }) => inflateRawSync(Buffer.from(JSON.parse(body.toString()).sourcemap, 'base64')),
})
