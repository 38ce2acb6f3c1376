export { type DirectoryOptions, directory } from '@mapseal/destinations/directory'
