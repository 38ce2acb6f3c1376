import { Destination } from '@mapseal/core';

interface FlareOptions {
    /** @default `FLARE_KEY` */
    key?: string;
    /** What stands before each path in the path of its URL. @default `/` */
    base?: string;
    /** The URL that takes source maps. @default `https://flareapp.io/api/sourcemaps` */
    url?: string;
}
/**
 * Delivers to Flare, which finds a map by version, the release, and path.
 *
 * Wire format: `@flareapp/vite` 1.2.1. Its client reads `FLARE_SOURCEMAP_VERSION`.
 */
declare function flare(options?: FlareOptions): Destination;

export { flare };
export type { FlareOptions };
