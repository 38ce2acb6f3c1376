export { FaroOptions, faro } from '@mapseal/destinations/faro';
