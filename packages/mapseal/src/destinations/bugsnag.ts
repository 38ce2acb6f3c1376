export { type BugsnagOptions, bugsnag } from '@mapseal/destinations/bugsnag'
