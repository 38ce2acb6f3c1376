export { AirbrakeOptions, airbrake } from '@mapseal/destinations/airbrake';
