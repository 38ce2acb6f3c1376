import { Urls, Destination } from '@mapseal/core';

interface UrlsOption {
    /**
     * Where scripts are loaded from: what stands before each path, or a function from a path to one URL or several.
     * @default the option `urls` of `mapseal()`
     */
    urls?: Urls;
}

interface BugsnagOptions extends UrlsOption {
    /** @default `BUGSNAG_API_KEY` */
    apiKey?: string;
    /**
     * The server of an on-premises installation.
     * @default `https://upload.bugsnag.com`, and for keys of Insight Hub `https://upload.bugsnag.smartbear.com`
     */
    url?: string;
    /**
     * Replace maps of the same release and URL.
     * @default false
     */
    overwrite?: boolean;
}
/** Delivers to Bugsnag (Insight Hub), which finds a map by release (`appVersion`) and URL. */
declare function bugsnag(options?: BugsnagOptions): Destination;

export { bugsnag };
export type { BugsnagOptions };
