import { partOf, vendorSubject } from '../../src/contract/index.ts'
import { rollbar } from '../../src/rollbar.ts'

export const subject = vendorSubject({
  create: ({ origin, secret = 'a-key' }) => rollbar({ accessToken: secret, url: origin, urls: 'https://shop.example' }),
  mapOf: request => partOf(request, 'source_map'),
})
