export { type HttpOptions, http } from '@mapseal/destinations/http'
