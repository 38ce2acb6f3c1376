export { type LayoutOptions, layout } from '@mapseal/destinations/layout'
