import { vendorSubject } from '../../src/contract/index.ts'
import { faro } from '../../src/faro.ts'

export const subject = vendorSubject({
  create: ({ origin, secret = 'a-key' }) =>
    faro({ appName: 'shop', appId: '7', stackId: '8', apiKey: secret, url: `${origin}/faro/api/v1` }),
  mapOf({ body }) {
    const { file: _, ...map } = JSON.parse(body.toString())
    return Buffer.from(JSON.stringify(map))
  },
})
