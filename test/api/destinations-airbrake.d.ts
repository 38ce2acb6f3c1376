import { Destination } from '@mapseal/core';

interface AirbrakeOptions {
    /** @default `AIRBRAKE_PROJECT_ID` */
    projectId?: string;
    /** @default `AIRBRAKE_PROJECT_KEY` */
    projectKey?: string;
    /** @default `https://api.airbrake.io` */
    url?: string;
}
/**
 * Delivers to Airbrake, which finds a map by the end of the URL, whatever the release.
 *
 * Wire format: https://docs.airbrake.io/docs/features/private-sourcemaps/ and https://docs.airbrake.io/docs/devops-tools/api/.
 */
declare function airbrake(options?: AirbrakeOptions): Destination;

export { airbrake };
export type { AirbrakeOptions };
