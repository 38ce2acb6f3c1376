import { elastic } from '../../src/elastic.ts'
import { partOf } from '../recorder.ts'
import { vendorSubject } from '../vendor-subject.ts'

export const subject = vendorSubject({
  create: ({ origin, secret = 'a-key' }) =>
    elastic({ url: origin, apiKey: secret, serviceName: 'shop', urls: 'https://shop.example' }),
  mapOf: request => partOf(request, 'sourcemap'),
})
