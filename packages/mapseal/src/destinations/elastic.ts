export { type ElasticOptions, elastic } from '@mapseal/destinations/elastic'
