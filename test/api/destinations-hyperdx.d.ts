import { Destination } from '@mapseal/core';

interface HyperdxOptions {
    /** @default `HYPERDX_SERVICE_KEY` */
    serviceKey?: string;
    /** What stands before each path in the path of its URL. @default none */
    basePath?: string;
    /** @default `https://api.hyperdx.io` */
    url?: string;
}
/**
 * Delivers to HyperDX, which finds scripts and maps by release and path.
 *
 * Wire format: `@hyperdx/cli` 0.6.3. Experimental: ClickStack does not have this API.
 */
declare function hyperdx(options?: HyperdxOptions): Destination;

export { hyperdx };
export type { HyperdxOptions };
