export { version } from '@mapseal/core'
