import { vendorSubject } from '../../src/contract/index.ts'
import { openreplay } from '../../src/openreplay.ts'

let count = 0

export const subject = vendorSubject({
  create: ({ origin, secret = 'a-key' }) =>
    openreplay({ apiKey: secret, projectKey: 'p', url: origin, urls: 'https://shop.example' }),
  mapOf: ({ path, body }) => (path.startsWith('/storage/') ? body : undefined),
  answer: ({ path, body }, origin) =>
    path.startsWith('/storage/')
      ? {}
      : { data: JSON.parse(body.toString()).URL.map(() => `${origin}/storage/${count++}`) },
})
