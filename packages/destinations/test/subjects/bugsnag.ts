import { bugsnag } from '../../src/bugsnag.ts'
import { partOf, vendorSubject } from '../../src/contract/index.ts'

export const subject = vendorSubject({
  create: ({ origin, secret = 'a-key' }) => bugsnag({ apiKey: secret, url: origin, urls: 'https://shop.example' }),
  mapOf: request => partOf(request, 'sourceMap'),
  duplicates: [409],
})
