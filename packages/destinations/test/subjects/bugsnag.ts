import { bugsnag } from '../../src/bugsnag.ts'
import { partOf } from '../recorder.ts'
import { vendorSubject } from '../vendor-subject.ts'

export const subject = vendorSubject({
  create: ({ origin, secret = 'a-key' }) => bugsnag({ apiKey: secret, url: origin, urls: 'https://shop.example' }),
  mapOf: request => partOf(request, 'sourceMap'),
  duplicates: [409],
})
