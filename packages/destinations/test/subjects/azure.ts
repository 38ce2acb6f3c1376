import { azure } from '../../src/azure.ts'
import { vendorSubject } from '../../src/contract/index.ts'

export const subject = vendorSubject({
  create: ({ origin, secret = 'a-signature-of-forty-letters-or-so' }) =>
    azure({ url: `${origin}/maps?sv=2023-11-03&sp=cw&sig=${encodeURIComponent(secret)}` }),
  mapOf: ({ body }) => body,
})
