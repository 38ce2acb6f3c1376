export { DirectoryOptions, directory } from '@mapseal/destinations/directory';
