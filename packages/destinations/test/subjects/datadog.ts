import { partOf, vendorSubject } from '../../src/contract/index.ts'
import { datadog } from '../../src/datadog.ts'

export const subject = vendorSubject({
  create: ({ origin, secret = 'a-key' }) => datadog({ apiKey: secret, url: `${origin}/api/v2/srcmap` }),
  mapOf: request => partOf(request, 'source_map'),
})
