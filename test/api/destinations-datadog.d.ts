import { Urls, Destination } from '@mapseal/core';

interface UrlsOption {
    /**
     * Where scripts are loaded from: what stands before each path, or a function from a path to one URL or several.
     * @default the option `urls` of `mapseal()`
     */
    urls?: Urls;
}

interface DatadogOptions extends UrlsOption {
    /** @default `DATADOG_API_KEY`, else `DD_API_KEY` */
    apiKey?: string;
    /** @default `DATADOG_SITE`, else `DD_SITE`, else `datadoghq.com` */
    site?: string;
    /**
     * The `service` of the browser SDK. With it, maps are found by service, release and URL, and scripts carry no debug IDs for
     * Datadog, which refuses a mixture.
     * @default none: maps are found by debug ID
     */
    service?: string;
    /**
     * The URL that takes source maps.
     * @default `DATADOG_SOURCEMAP_INTAKE_URL`, else `https://sourcemap-intake.<site>/api/v2/srcmap`
     */
    url?: string;
}
/**
 * Delivers to Datadog, which finds a map by debug ID, or by service, version and URL.
 *
 * Wire format: https://docs.datadoghq.com/api/latest/rum/, and `@datadog/vite-plugin` 3.3.0.
 */
declare function datadog(options?: DatadogOptions): Destination;

export { datadog };
export type { DatadogOptions };
