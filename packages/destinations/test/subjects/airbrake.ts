import { airbrake } from '../../src/airbrake.ts'
import { partOf, vendorSubject } from '../../src/contract/index.ts'

export const subject = vendorSubject({
  create: ({ origin, secret = 'a-key' }) => airbrake({ projectId: '7', projectKey: secret, url: origin }),
  mapOf: request => partOf(request, 'file'),
})
