export { NewrelicOptions, newrelic } from '@mapseal/destinations/newrelic';
