import { Destination } from '@mapseal/core';

interface DirectoryOptions {
    /** The folder, relative to the working folder. */
    path: string;
    /**
     * Lay files out by release, then path, or by debug ID.
     * @default 'release'
     */
    layout?: 'release' | 'debug-id';
}
/**
 * Copies source maps into a folder, say one that a private host serves:
 * `<path>/<release>/<file>.map` (`<path>/<release>@<dist>/…` if it has a dist), or
 * `<path>/<debug ID>.map`.
 */
declare function directory({ path, layout }: DirectoryOptions): Destination;

export { directory };
export type { DirectoryOptions };
