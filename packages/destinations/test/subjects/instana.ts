import { gunzipSync } from 'node:zlib'
import { partOf, vendorSubject } from '../../src/contract/index.ts'
import { instana } from '../../src/instana.ts'

export const subject = vendorSubject({
  create: ({ origin, secret = 'a-key' }) =>
    instana({ url: origin, apiToken: secret, websiteId: 'w', configId: 'c', urls: 'https://shop.example' }),
  mapOf(request) {
    const bytes = partOf(request, 'sourceMap') as Buffer
    if (!partOf(request, 'fileFormat')) return bytes
    const archive = gunzipSync(bytes)
    return archive.subarray(512, 512 + Number.parseInt(archive.toString('ascii', 124, 135), 8))
  },
})
