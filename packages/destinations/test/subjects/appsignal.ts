import { appsignal } from '../../src/appsignal.ts'
import { partOf, vendorSubject } from '../../src/contract/index.ts'

export const subject = vendorSubject({
  create: ({ origin, secret = 'a-key' }) =>
    appsignal({ pushApiKey: secret, appName: 'shop', url: origin, urls: 'https://shop.example' }),
  mapOf: request => partOf(request, 'file'),
})
