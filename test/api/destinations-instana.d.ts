import { Urls, Destination } from '@mapseal/core';

interface UrlsOption {
    /**
     * Where scripts are loaded from: what stands before each path, or a function from a path to one URL or several.
     * @default the option `urls` of `mapseal()`
     */
    urls?: Urls;
}

interface InstanaOptions extends UrlsOption {
    /** Such as `https://unit-tenant.instana.io`. @default `INSTANA_URL` */
    url?: string;
    /** @default `INSTANA_API_TOKEN` */
    apiToken?: string;
    /** The ID of the website. */
    websiteId?: string;
    /** The ID of the website's source map configuration. */
    configId?: string;
}
/**
 * Delivers to IBM Instana, which finds a map by URL.
 *
 * Wire format: https://www.ibm.com/docs/en/instana-observability, "Source map uploads".
 */
declare function instana(options?: InstanaOptions): Destination;

export { instana };
export type { InstanaOptions };
