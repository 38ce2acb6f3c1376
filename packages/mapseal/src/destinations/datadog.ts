export { type DatadogOptions, datadog } from '@mapseal/destinations/datadog'
