import { Destination } from '@mapseal/core';

interface HttpOptions {
    /** Where each map goes, with `{release}`, `{dist}`, `{path}` and `{debugId}`, such as `https://maps.example/{release}/{path}.map`. */
    url: string;
    /** @default `PUT` */
    method?: 'PUT' | 'POST';
    /** Headers of each request; a function is called for each build, so that a token is read when it is needed. */
    headers?: Record<string, string> | (() => Record<string, string>);
    /**
     * Statuses besides 2xx that say that the map is there.
     * @default []
     */
    accept?: number[];
}
/** Sends each map in a request of its own, to any server. */
declare function http(options: HttpOptions): Destination;

export { http };
export type { HttpOptions };
