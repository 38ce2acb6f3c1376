export { type LogrocketOptions, logrocket } from '@mapseal/destinations/logrocket'
