import { Destination } from '@mapseal/core';

interface LogrocketOptions {
    /** `<organization>:<app>:<secret>`. @default `LOGROCKET_API_KEY` */
    apiKey?: string;
    /** What stands before each path in URLs; `~` is any scheme and host. @default `~` */
    prefix?: string;
    /** @default `https://api.logrocket.com` */
    url?: string;
}
/**
 * Delivers to LogRocket, which finds scripts and maps by release and path.
 *
 * Wire format: `logrocket-cli` 0.15.2.
 */
declare function logrocket(options?: LogrocketOptions): Destination;

export { logrocket };
export type { LogrocketOptions };
