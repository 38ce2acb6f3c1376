import { vendorSubject } from '../../src/contract/index.ts'
import { logrocket } from '../../src/logrocket.ts'

export const subject = vendorSubject({
  create: ({ origin, secret = 'a-key' }) => logrocket({ apiKey: `org:app:${secret}`, url: origin }),
  mapOf: ({ path, body }) => (/^\/storage\/.*\.map$/.test(path) ? body : undefined),
  answer({ path, body }, origin) {
    if (!path.endsWith('/artifacts/')) return {}
    return { signed_url: `${origin}/storage/${encodeURIComponent(JSON.parse(body.toString()).filepath)}` }
  },
  duplicates: [409],
  without: { 'partial failure then resume': 'its first request is that for the release' },
})
