import { Writable } from 'node:stream';

interface LogStreamOptions {
    /** A folder or `s3://bucket/prefix`. @default `MAPSEAL_VAULT`, else `.mapseal` */
    vault?: string;
    /** Looks up file names in the builds of this release alone. @default all builds */
    release?: string;
    /** What the log is written to. @default stdout */
    output?: NodeJS.WritableStream;
}
/**
 * A stream that takes a log, and writes it with each frame of its stacks in its original place. It is a transport of pino
 * (`transport: { target: 'mapseal/log' }`), and a stream for winston.
 */
declare function logStream({ vault, release, output }?: LogStreamOptions): Promise<Writable>;

export { logStream as default, logStream as "module.exports" };
export type { LogStreamOptions };
