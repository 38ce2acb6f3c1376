export { type PosthogOptions, posthog } from '@mapseal/destinations/posthog'
