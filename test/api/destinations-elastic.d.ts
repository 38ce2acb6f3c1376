import { Urls, Destination } from '@mapseal/core';

interface UrlsOption {
    /**
     * Where scripts are loaded from: what stands before each path, or a function from a path to one URL or several.
     * @default the option `urls` of `mapseal()`
     */
    urls?: Urls;
}

interface ElasticOptions extends UrlsOption {
    /** Kibana's address, with `/s/<space>` for another space than the default one. @default `KIBANA_URL` */
    url?: string;
    /** Base64, as Kibana shows it. @default `ELASTIC_API_KEY` */
    apiKey?: string;
    /** The `serviceName` of the RUM agent; `serviceVersion` is the release. @default `ELASTIC_APM_SERVICE_NAME` */
    serviceName?: string;
}
/**
 * Delivers to Elastic APM by Kibana, which finds a map by service, version (the release) and the path or URL of the script.
 *
 * Wire format: https://www.elastic.co/docs/api/doc/kibana/operation/operation-uploadsourcemap.
 */
declare function elastic(options?: ElasticOptions): Destination;

export { elastic };
export type { ElasticOptions };
