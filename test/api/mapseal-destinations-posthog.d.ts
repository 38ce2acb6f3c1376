export { PosthogOptions, posthog } from '@mapseal/destinations/posthog';
