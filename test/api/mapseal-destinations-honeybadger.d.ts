export { HoneybadgerOptions, honeybadger } from '@mapseal/destinations/honeybadger';
