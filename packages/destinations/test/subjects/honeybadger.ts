import { partOf, vendorSubject } from '../../src/contract/index.ts'
import { honeybadger } from '../../src/honeybadger.ts'

export const subject = vendorSubject({
  create: ({ origin, secret = 'a-key' }) => honeybadger({ apiKey: secret, url: origin, urls: 'https://shop.example' }),
  mapOf: request => partOf(request, 'source_map'),
})
