import { Destination } from '@mapseal/core';

interface FaroOptions {
    /** The `app.name` of Faro's SDK. */
    appName: string;
    /** @default `FARO_APP_ID` */
    appId?: string;
    /** @default `FARO_STACK_ID` */
    stackId?: string;
    /** @default `FARO_API_KEY` */
    apiKey?: string;
    /** Such as `https://faro-api-prod-eu-west-2.grafana.net/faro/api/v1`. @default `FARO_ENDPOINT` */
    url?: string;
    /**
     * What stands before each path in the path of its URL, such as `static`.
     * @default none
     */
    prefix?: string;
}
/**
 * Delivers to Grafana's Frontend Observability, which finds a map by bundle ID, the release, and the map's `file`.
 *
 * Wire format: `@grafana/faro-bundlers-shared` 0.11.
 */
declare function faro(options: FaroOptions): Destination;

export { faro };
export type { FaroOptions };
