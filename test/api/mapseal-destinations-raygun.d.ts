export { RaygunOptions, raygun } from '@mapseal/destinations/raygun';
