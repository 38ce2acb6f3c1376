import { partOf, vendorSubject } from '../../src/contract/index.ts'
import { raygun } from '../../src/raygun.ts'

export const subject = vendorSubject({
  create: ({ origin, secret = 'a-token' }) =>
    raygun({ applicationId: '7', accessToken: secret, url: origin, urls: 'https://shop.example' }),
  mapOf: request => (partOf(request, 'uri')?.toString().endsWith('.map') ? partOf(request, 'file') : undefined),
})
