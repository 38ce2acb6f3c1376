import { Destination } from '@mapseal/core';

interface S3Options {
    bucket: string;
    /** What every key begins with, such as `web/maps`. */
    prefix?: string;
    /**
     * The URL of a storage besides Amazon's.
     * @default `AWS_ENDPOINT_URL_S3`, else `AWS_ENDPOINT_URL`
     */
    endpoint?: string;
    /** @default `AWS_REGION`, else `AWS_DEFAULT_REGION`; Amazon says which is the bucket's */
    region?: string;
    /**
     * Whether the bucket stands in the URL's path and not in the host's name.
     * @default true where there is an endpoint
     */
    pathStyle?: boolean;
}
/**
 * Puts source maps into a bucket, by release and by debug ID:
 *
 *     <prefix>/releases/<release>/<file>.map       with a dist: releases/<release>/<dist>/<file>.map
 *     <prefix>/debug-ids/<debug ID>.map
 *     <prefix>/builds/<build ID>.json              the manifest, once all maps are there
 *
 * What is there is never replaced by other bytes: a second map of one name goes beside it, with its debug ID, or a part of
 * its own SHA-256, before `.map`.
 */
declare function s3(options: S3Options): Destination;

export { s3 };
export type { S3Options };
