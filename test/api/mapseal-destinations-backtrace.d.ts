export { BacktraceOptions, backtrace } from '@mapseal/destinations/backtrace';
