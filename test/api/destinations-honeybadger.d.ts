import { Urls, Destination } from '@mapseal/core';

interface UrlsOption {
    /**
     * Where scripts are loaded from: what stands before each path, or a function from a path to one URL or several.
     * @default the option `urls` of `mapseal()`
     */
    urls?: Urls;
}

interface HoneybadgerOptions extends UrlsOption {
    /** @default `HONEYBADGER_API_KEY` */
    apiKey?: string;
    /** The EU's is `https://eu-api.honeybadger.io`. @default `https://api.honeybadger.io` */
    url?: string;
}
/**
 * Delivers to Honeybadger, which finds a map by `revision`, the release, and URL.
 *
 * Wire format: https://docs.honeybadger.io/api/reporting-source-maps/ and https://docs.honeybadger.io/api/reporting-deployments/.
 */
declare function honeybadger(options?: HoneybadgerOptions): Destination;

export { honeybadger };
export type { HoneybadgerOptions };
