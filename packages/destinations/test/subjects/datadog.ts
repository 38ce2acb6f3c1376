import { datadog } from '../../src/datadog.ts'
import { partOf } from '../recorder.ts'
import { vendorSubject } from '../vendor-subject.ts'

export const subject = vendorSubject({
  create: ({ origin, secret = 'a-key' }) => datadog({ apiKey: secret, url: `${origin}/api/v2/srcmap` }),
  mapOf: request => partOf(request, 'source_map'),
})
