export { type InstanaOptions, instana } from '@mapseal/destinations/instana'
