export { AzureOptions, azure } from '@mapseal/destinations/azure';
