import { partOf, vendorSubject } from '../../src/contract/index.ts'
import { newrelic } from '../../src/newrelic.ts'

export const subject = vendorSubject({
  create: ({ origin, secret = 'a-key' }) =>
    newrelic({ apiKey: secret, applicationId: '7', url: origin, urls: 'https://shop.example' }),
  mapOf: request => partOf(request, 'sourcemap'),
})
