export { type RollbarOptions, rollbar } from '@mapseal/destinations/rollbar'
