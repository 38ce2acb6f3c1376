import { honeybadger } from '../../src/honeybadger.ts'
import { partOf } from '../recorder.ts'
import { vendorSubject } from '../vendor-subject.ts'

export const subject = vendorSubject({
  create: ({ origin, secret = 'a-key' }) => honeybadger({ apiKey: secret, url: origin, urls: 'https://shop.example' }),
  mapOf: request => partOf(request, 'source_map'),
})
