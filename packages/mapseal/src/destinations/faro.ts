export { type FaroOptions, faro } from '@mapseal/destinations/faro'
