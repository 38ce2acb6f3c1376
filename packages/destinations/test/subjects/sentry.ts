import { startSentry } from '../../../../test/support/sentry-server.ts'
import type { Subject } from '../../src/contract/index.ts'
import { sentry } from '../../src/sentry.ts'

const token = 'sntryu_of-the-contract'

export const subject: Subject = {
  async start() {
    const server = await startSentry({ token })
    return {
      origin: server.url,
      create: ({ origin, secret = token }) => sentry({ url: origin, org: 'acme', project: 'web', authToken: secret }),
      maps: async () =>
        [...server.bundles.values()]
          .flatMap(({ entries }) => [...entries])
          .filter(([name]) => name.endsWith('.map'))
          .map(([, bytes]) => bytes.toString())
          .sort(),
      stop: () => server.close(),
    }
  },
  without: { 'partial failure then resume': 'it sends a whole build, and parts that are there by their hash' },
}
