export { BugsnagOptions, bugsnag } from '@mapseal/destinations/bugsnag';
