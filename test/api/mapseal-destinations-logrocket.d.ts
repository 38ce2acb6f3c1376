export { LogrocketOptions, logrocket } from '@mapseal/destinations/logrocket';
