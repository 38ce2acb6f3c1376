import { appsignal } from '../../src/appsignal.ts'
import { partOf } from '../recorder.ts'
import { vendorSubject } from '../vendor-subject.ts'

export const subject = vendorSubject({
  create: ({ origin, secret = 'a-key' }) =>
    appsignal({ pushApiKey: secret, appName: 'shop', url: origin, urls: 'https://shop.example' }),
  mapOf: request => partOf(request, 'file'),
})
