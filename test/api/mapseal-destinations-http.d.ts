export { HttpOptions, http } from '@mapseal/destinations/http';
