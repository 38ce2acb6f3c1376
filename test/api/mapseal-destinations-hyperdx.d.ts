export { HyperdxOptions, hyperdx } from '@mapseal/destinations/hyperdx';
