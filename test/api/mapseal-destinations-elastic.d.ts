export { ElasticOptions, elastic } from '@mapseal/destinations/elastic';
