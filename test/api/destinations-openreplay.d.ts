import { Urls, Destination } from '@mapseal/core';

interface UrlsOption {
    /**
     * Where scripts are loaded from: what stands before each path, or a function from a path to one URL or several.
     * @default the option `urls` of `mapseal()`
     */
    urls?: Urls;
}

interface OpenreplayOptions extends UrlsOption {
    /** @default `OPENREPLAY_API_KEY` */
    apiKey?: string;
    /** @default `OPENREPLAY_PROJECT_KEY` */
    projectKey?: string;
    /** @default `https://api.openreplay.com` */
    url?: string;
}
/**
 * Delivers to OpenReplay, which finds a map by URL.
 *
 * Wire format: `@openreplay/sourcemap-uploader` 3.0.13.
 */
declare function openreplay(options?: OpenreplayOptions): Destination;

export { openreplay };
export type { OpenreplayOptions };
