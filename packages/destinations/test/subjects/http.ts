import { vendorSubject } from '../../src/contract/index.ts'
import { http } from '../../src/http.ts'

export const subject = vendorSubject({
  create: ({ origin, secret = 'a-token' }) =>
    http({ url: `${origin}/{release}/{path}.map`, headers: { Authorization: `Bearer ${secret}` } }),
  mapOf: ({ body }) => body,
})
