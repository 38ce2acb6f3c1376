export { type AppsignalOptions, appsignal } from '@mapseal/destinations/appsignal'
