export { type HoneybadgerOptions, honeybadger } from '@mapseal/destinations/honeybadger'
