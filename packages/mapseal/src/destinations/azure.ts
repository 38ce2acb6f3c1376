export { type AzureOptions, azure } from '@mapseal/destinations/azure'
