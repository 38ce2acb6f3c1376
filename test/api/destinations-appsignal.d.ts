import { Urls, Destination } from '@mapseal/core';

interface UrlsOption {
    /**
     * Where scripts are loaded from: what stands before each path, or a function from a path to one URL or several.
     * @default the option `urls` of `mapseal()`
     */
    urls?: Urls;
}

interface AppsignalOptions extends UrlsOption {
    /** @default `APPSIGNAL_PUSH_API_KEY` */
    pushApiKey?: string;
    /** @default `APPSIGNAL_APP_NAME` */
    appName?: string;
    /** @default `APPSIGNAL_APP_ENV`, else `production` */
    environment?: string;
    /** @default `https://appsignal.com` */
    url?: string;
}
/**
 * Delivers to AppSignal, which finds a map by app, environment, `revision` (the release) and URL.
 *
 * Wire format: https://docs.appsignal.com/api/sourcemaps.html and https://docs.appsignal.com/api/deploy-markers.html.
 */
declare function appsignal(options?: AppsignalOptions): Destination;

export { appsignal };
export type { AppsignalOptions };
