export { OpenreplayOptions, openreplay } from '@mapseal/destinations/openreplay';
