import { Destination } from '@mapseal/core';

interface BacktraceOptions {
    /**
     * Where source maps are posted, with the token: `https://submit.backtrace.io/<universe>/<token>/sourcemap`.
     * @default `BACKTRACE_SOURCEMAP_URL`
     */
    url?: string;
}
/**
 * Delivers to Backtrace, which finds a map by debug ID.
 *
 * Wire format: https://github.com/backtrace-labs/backtrace-javascript, `tools/sourcemap-tools`.
 */
declare function backtrace(options?: BacktraceOptions): Destination;

export { backtrace };
export type { BacktraceOptions };
