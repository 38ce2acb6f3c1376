export { default } from '../../mapseal.config.mjs'
