import { createRequire } from 'node:module'
import { withMapseal } from 'mapseal/next'

const { withSentryConfig } = createRequire(import.meta.url)('@sentry/nextjs/config')

// Nothing listens at this address: a build whose upload is on fails.
const sentryOptions = {
  org: 'acme',
  project: 'shop',
  authToken: 'none',
  sentryUrl: 'http://127.0.0.1:9',
  telemetry: false,
  errorHandler(error) {
    throw error
  },
}

export default withMapseal(withSentryConfig({}, sentryOptions))
