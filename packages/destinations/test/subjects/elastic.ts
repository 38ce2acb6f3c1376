import { partOf, vendorSubject } from '../../src/contract/index.ts'
import { elastic } from '../../src/elastic.ts'

export const subject = vendorSubject({
  create: ({ origin, secret = 'a-key' }) =>
    elastic({ url: origin, apiKey: secret, serviceName: 'shop', urls: 'https://shop.example' }),
  mapOf: request => partOf(request, 'sourcemap'),
})
