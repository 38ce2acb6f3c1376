export { FlareOptions, flare } from '@mapseal/destinations/flare';
