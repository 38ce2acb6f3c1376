import { Urls, Destination } from '@mapseal/core';

interface UrlsOption {
    /**
     * Where scripts are loaded from: what stands before each path, or a function from a path to one URL or several.
     * @default the option `urls` of `mapseal()`
     */
    urls?: Urls;
}

interface NewrelicOptions extends UrlsOption {
    /** A user key. @default `NEW_RELIC_API_KEY`, else `NR_API_KEY` */
    apiKey?: string;
    /** @default `NEW_RELIC_APPLICATION_ID`, else `APPLICATION_ID` */
    applicationId?: string;
    /**
     * The first argument of `newrelic.addRelease(name, id)`; the ID is the release.
     * @default none: maps are found by URL alone
     */
    releaseName?: string;
    /** The EU's is `https://sourcemaps.service.eu.newrelic.com`. @default `https://sourcemaps.service.newrelic.com` */
    url?: string;
}
/**
 * Delivers to New Relic Browser, which finds a map by URL, and by release where one is named.
 *
 * Wire format: https://docs.newrelic.com/docs/browser/browser-monitoring/browser-pro-features/upload-source-maps-api/.
 */
declare function newrelic(options?: NewrelicOptions): Destination;

export { newrelic };
export type { NewrelicOptions };
