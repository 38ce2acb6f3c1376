export { RollbarOptions, rollbar } from '@mapseal/destinations/rollbar';
