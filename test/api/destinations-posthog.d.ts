import { Destination } from '@mapseal/core';

interface PosthogOptions {
    /** The number in the URL of the project. @default `POSTHOG_CLI_PROJECT_ID` */
    projectId?: string;
    /** A personal API key with the scope `error_tracking:write`. @default `POSTHOG_CLI_API_KEY` */
    personalApiKey?: string;
    /** @default `POSTHOG_CLI_HOST`, else `https://us.posthog.com` */
    url?: string;
}
/**
 * Delivers to PostHog's error tracking as symbol sets, which are found by chunk ID: the debug ID. They belong to no release, so that
 * a build needs no network before its scripts are written.
 *
 * Wire format: posthog-cli 0.18, and the server's `error_tracking/symbol_sets` API.
 */
declare function posthog(options?: PosthogOptions): Destination;

export { posthog };
export type { PosthogOptions };
