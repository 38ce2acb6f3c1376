export { AppsignalOptions, appsignal } from '@mapseal/destinations/appsignal';
