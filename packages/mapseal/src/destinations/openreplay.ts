export { type OpenreplayOptions, openreplay } from '@mapseal/destinations/openreplay'
