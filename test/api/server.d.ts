import { Store } from '@mapseal/core';

/** How many events are kept, and for how long. */
interface Retention {
    /** Of one fault. */
    perGroup: number;
    perProject: number;
    days: number;
}

/** What the server tells of itself. Neither tokens nor query strings go in: callers hand over paths. */
interface Log {
    info(event: string, fields?: LogFields): void;
    warn(event: string, fields?: LogFields): void;
    error(event: string, fields?: LogFields): void;
}
type LogFields = Record<string, string | number | boolean | undefined>;
type LogFormat = 'text' | 'json';
/** One line an event: JSON for machines, else `12:30:01 request GET /healthz 200 1ms`. */
declare function createLog(write: (line: string) => void, format: LogFormat): Log;

interface RateLimit {
    /** Regained a second. */
    perSecond: number;
    /** At once, after a pause. */
    burst: number;
}

interface Limits {
    /** Of one chunk, decoded. */
    chunkBytes: number;
    chunksPerRequest: number;
    /** Of a request with chunks. */
    requestBytes: number;
    /** Of an artifact bundle, and of all that it unpacks to. */
    bundleBytes: number;
    unpackedBytes: number;
    /** Of one file in it. */
    fileBytes: number;
    manifestBytes: number;
    entries: number;
    /** Unpacked to packed: of one entry beyond a megabyte. */
    ratio: number;
    /** Of a JSON body. */
    jsonBytes: number;
    /** Of all bodies that are in memory at once. */
    heldBytes: number;
    /** Of all uploads that lie in temporary files while they arrive. */
    spilledBytes: number;
    connections: number;
    /** Of all requests of one address, and of one token. */
    rate: RateLimit;
    /** Of an address's requests with a wrong token. */
    failures: RateLimit;
    /** Of a project's events. */
    events: RateLimit;
}
interface Timeouts {
    /** Until a request's headers are there. */
    headers: number;
    /** Without a byte either way. */
    idle: number;
    /** Until a request is there whole. */
    request: number;
    /** What requests under way are given once the server is told to close. */
    close: number;
}

interface ServerOptions {
    /**
     * Where to listen. Other than on loopback every request needs a token.
     * @default '127.0.0.1'
     */
    host?: string;
    /**
     * `0` is any free one.
     * @default 4700
     */
    port?: number;
    /**
     * A folder, relative to `root`, or `s3://bucket/prefix`.
     * @default '.mapseal' beside the nearest lock file or `package.json`
     */
    vault?: string;
    /** @default process.cwd() */
    root?: string;
    /**
     * The organization's slug, in the paths of upload clients.
     * @default 'mapseal'
     */
    org?: string;
    /**
     * Slugs of the projects that uploads and events may name.
     * @default ['app']
     */
    projects?: string[];
    /**
     * The admin token; with one, every request needs a token.
     * @default undefined
     */
    adminToken?: string;
    /**
     * The origin that clients reach the server at, where that is not what their `Host` header says: behind a proxy that
     * speaks TLS.
     * @default undefined
     */
    url?: string;
    /**
     * Keep this many builds, and what they alone need; older ones are forgotten within the hour.
     * @default undefined, all of them
     */
    retain?: number;
    /**
     * How many events are kept, and for how long.
     * @default { perGroup: 100, perProject: 5000, days: 30 }
     */
    events?: Partial<Retention>;
    /** @default none */
    log?: Log;
    /** Sizes in bytes. */
    limits?: Partial<Limits>;
    /** In milliseconds. */
    timeouts?: Partial<Timeouts>;
}

/** `read` sees sources; `write` uploads, and sees of releases what upload clients ask for; `admin` may do all. */
type Access = 'read' | 'write' | 'admin';

interface RunningServer {
    /** As clients reach it, without a slash at the end. */
    url: string;
    /** For people: the folder or the URL. */
    vault: string;
    org: string;
    projects: {
        slug: string;
        dsn: string;
    }[];
    needsTokens: boolean;
    /** Requests under way are finished first, for as long as `timeouts.close` allows. */
    close(): Promise<void>;
}
/** The vault over HTTP; listens when it resolves. @throws MapsealError */
declare function createServer(options?: ServerOptions): Promise<RunningServer>;

/** As the store keeps it: the secret only as its digest. It has 256 random bits, so a plain SHA-256 cannot be searched. */
interface TokenRecord {
    id: string;
    version: 1;
    access: Access;
    /** What it is for. */
    name?: string;
    /** ISO 8601, UTC. */
    createdAt: string;
    /** Lower-case hex, of the whole token. */
    sha256: string;
}

/** @returns the token itself, this once */
declare function createToken(store: Store, access: Access, name?: string): Promise<{
    token: string;
    record: TokenRecord;
}>;
/** Oldest first. */
declare function listTokens(store: Store): Promise<TokenRecord[]>;
/** @throws MapsealError where there is none of this ID */
declare function revokeToken(store: Store, id: string): Promise<void>;

export { createLog, createServer, createToken, listTokens, revokeToken };
export type { Access, Limits, Log, LogFields, LogFormat, Retention, RunningServer, ServerOptions, Timeouts, TokenRecord };
