export { type SentryOptions, sentry } from '@mapseal/destinations/sentry'
