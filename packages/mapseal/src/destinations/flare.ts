export { type FlareOptions, flare } from '@mapseal/destinations/flare'
