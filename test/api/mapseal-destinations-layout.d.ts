export { LayoutOptions, layout } from '@mapseal/destinations/layout';
