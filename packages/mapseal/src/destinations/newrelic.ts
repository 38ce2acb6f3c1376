export { type NewrelicOptions, newrelic } from '@mapseal/destinations/newrelic'
