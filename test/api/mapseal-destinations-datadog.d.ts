export { DatadogOptions, datadog } from '@mapseal/destinations/datadog';
