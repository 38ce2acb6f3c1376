import { Urls, Destination } from '@mapseal/core';

interface UrlsOption {
    /**
     * Where scripts are loaded from: what stands before each path, or a function from a path to one URL or several.
     * @default the option `urls` of `mapseal()`
     */
    urls?: Urls;
}

interface RollbarOptions extends UrlsOption {
    /** A project access token with the scope `post_server_item`. @default `ROLLBAR_ACCESS_TOKEN` */
    accessToken?: string;
    /** @default `https://api.rollbar.com` */
    url?: string;
}
/**
 * Delivers to Rollbar, which finds a map by `code_version`, the release, and URL.
 *
 * Wire format: https://docs.rollbar.com/docs/source-maps and https://docs.rollbar.com/reference/post-deploy.
 */
declare function rollbar(options?: RollbarOptions): Destination;

export { rollbar };
export type { RollbarOptions };
