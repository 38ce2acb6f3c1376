export { type AirbrakeOptions, airbrake } from '@mapseal/destinations/airbrake'
