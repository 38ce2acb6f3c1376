import { Destination } from '@mapseal/core';

interface LayoutOptions {
    /** What reads the files. */
    reader: Reader;
    /** A folder, or `s3://bucket/prefix`. */
    to: string;
    /** What stands before each path in the path of its URL, such as `static`. @default none */
    prefix?: string;
}
/**
 * - `opentelemetry`: Honeycomb's source map processor of the collector
 * - `cloudwatch-rum`: Amazon CloudWatch RUM
 * - `grafana-alloy`: Alloy's `faro.receiver`
 * - `application-insights`: Azure Monitor, for containers that are filled by other means
 */
type Reader = 'opentelemetry' | 'cloudwatch-rum' | 'grafana-alloy' | 'application-insights';
/** Lays maps out in a bucket or a folder as a reader looks them up there: by the path of the URL, or by release. */
declare function layout(options: LayoutOptions): Destination;

export { layout };
export type { LayoutOptions, Reader };
