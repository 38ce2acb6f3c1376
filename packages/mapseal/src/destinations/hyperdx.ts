export { type HyperdxOptions, hyperdx } from '@mapseal/destinations/hyperdx'
