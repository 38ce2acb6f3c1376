export { InstanaOptions, instana } from '@mapseal/destinations/instana';
