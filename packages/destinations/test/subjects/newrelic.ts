import { newrelic } from '../../src/newrelic.ts'
import { partOf } from '../recorder.ts'
import { vendorSubject } from '../vendor-subject.ts'

export const subject = vendorSubject({
  create: ({ origin, secret = 'a-key' }) =>
    newrelic({ apiKey: secret, applicationId: '7', url: origin, urls: 'https://shop.example' }),
  mapOf: request => partOf(request, 'sourcemap'),
})
