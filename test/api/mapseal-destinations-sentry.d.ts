export { SentryOptions, sentry } from '@mapseal/destinations/sentry';
