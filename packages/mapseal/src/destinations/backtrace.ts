export { type BacktraceOptions, backtrace } from '@mapseal/destinations/backtrace'
