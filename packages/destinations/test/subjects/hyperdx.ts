import { vendorSubject } from '../../src/contract/index.ts'
import { hyperdx } from '../../src/hyperdx.ts'

export const subject = vendorSubject({
  create: ({ origin, secret = 'a-key' }) => hyperdx({ serviceKey: secret, url: origin }),
  mapOf: ({ path, body }) => (/^\/storage\/.*\.map$/.test(path) ? body : undefined),
  answer({ path, body }, origin) {
    if (path.startsWith('/storage/')) return {}
    const { keys } = JSON.parse(body.toString()) as { keys: { fullName: string }[] }
    return { data: keys.map(({ fullName }) => `${origin}/storage/${encodeURIComponent(fullName)}`) }
  },
})
