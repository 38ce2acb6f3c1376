export { type RaygunOptions, raygun } from '@mapseal/destinations/raygun'
