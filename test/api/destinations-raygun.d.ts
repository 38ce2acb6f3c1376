import { Urls, Destination } from '@mapseal/core';

interface UrlsOption {
    /**
     * Where scripts are loaded from: what stands before each path, or a function from a path to one URL or several.
     * @default the option `urls` of `mapseal()`
     */
    urls?: Urls;
}

interface RaygunOptions extends UrlsOption {
    /** @default `RAYGUN_APPLICATION_ID` */
    applicationId?: string;
    /** A personal access token. @default `RAYGUN_ACCESS_TOKEN` */
    accessToken?: string;
    /** The application's key, for deployments. @default `RAYGUN_API_KEY` */
    apiKey?: string;
    /** @default `https://api.raygun.com` */
    url?: string;
}
/**
 * Delivers to Raygun's source map centre, which keeps scripts and maps by URL and goes from the script to its map.
 *
 * Wire format: https://github.com/MindscapeHQ/raygun-cli. Experimental: there is no other uploader to compare with.
 */
declare function raygun(options?: RaygunOptions): Destination;

export { raygun };
export type { RaygunOptions };
