import { Store } from '@mapseal/core';

/** A key of a project's DSNs. */
interface ClientKey {
    /** 32 hex characters. Public: it ships in every page. */
    key: string;
    /** ISO 8601, UTC; absent for the one that is derived from the project's name. */
    createdAt?: string;
}
/** Those that are accepted, the newest last: without any in the store, the derived one. */
declare function listKeys(store: Store, org: string, project: string): Promise<ClientKey[]>;
/** Adds a key. The older ones are accepted until they are revoked: pages in use have them. */
declare function createKey(store: Store, org: string, project: string): Promise<ClientKey>;
/** @throws MapsealError if the project does not have the key, or no other */
declare function revokeKey(store: Store, org: string, project: string, key: string): Promise<void>;

/** How many events are kept, and for how long. */
interface Retention {
    /** Maximum number of events in a group. */
    perGroup: number;
    perProject: number;
    days: number;
}

/** The server's log. It contains neither tokens nor query strings: callers pass paths. */
interface Log {
    info(event: string, fields?: LogFields): void;
    warn(event: string, fields?: LogFields): void;
    error(event: string, fields?: LogFields): void;
}
type LogFields = Record<string, string | number | boolean | undefined>;
type LogFormat = 'text' | 'json';
/** One line for each event: JSON for machines, else `12:30:01 request method=GET path=/healthz status=200 ms=1`. */
declare function createLog(write: (line: string) => void, format: LogFormat): Log;

/** `read` sees sources; `write` uploads, and sees of releases what upload clients ask for; `admin` may do all. */
type Access = 'read' | 'write' | 'admin';

interface RateLimit {
    /** Requests that are regained each second. */
    perSecond: number;
    /** Requests at once, after a pause. */
    burst: number;
}

interface Limits {
    /** Maximum size of one chunk, decoded. */
    chunkBytes: number;
    chunksPerRequest: number;
    /** Maximum size of a request with chunks. */
    requestBytes: number;
    /** Maximum size of an artifact bundle. */
    bundleBytes: number;
    /** Maximum size of all that a bundle unpacks to. */
    unpackedBytes: number;
    /** Maximum size of one file in a bundle. */
    fileBytes: number;
    manifestBytes: number;
    entries: number;
    /** Maximum compression (unpacked to packed) of an entry over a megabyte. */
    ratio: number;
    /** Maximum size of a JSON body. */
    jsonBytes: number;
    /** Maximum size of all bodies in memory at once. */
    heldBytes: number;
    /** Maximum size of all uploads in temporary files while they arrive. */
    spilledBytes: number;
    connections: number;
    /** Maximum number of connections from one address; trusted proxies are exempt. */
    connectionsPerAddress: number;
    /** For all requests without a valid token of one address, and for all of one token. */
    rate: RateLimit;
    /** For requests with a wrong token from one address. */
    failures: RateLimit;
    /** For the events of one project. */
    events: RateLimit;
    /** For those of one address. */
    eventsPerAddress: RateLimit;
    /** For those of one address that start a new group. */
    newGroupsPerAddress: RateLimit;
}
interface Timeouts {
    /** For the headers of a request to arrive. */
    headers: number;
    /** For a connection on which nothing is sent or received. */
    idle: number;
    /** For a whole request to arrive. */
    request: number;
    /** For requests in progress to finish when the server closes. */
    close: number;
}

interface ServerOptions {
    /**
     * The address to listen on. On any other than loopback, every request needs a token.
     * @default '127.0.0.1'
     */
    host?: string;
    /**
     * `0` takes any free port.
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
     * The admin token. If it is set, every request needs a token.
     * @default undefined
     */
    adminToken?: string;
    /**
     * The server's public origin, if it differs from the `Host` header that requests have: behind a proxy that adds TLS,
     * for example. With one that is not on loopback, every request needs a token.
     * @default undefined
     */
    url?: string;
    /**
     * Addresses and networks of proxies, such as `10.0.0.0/8`. Requests from them count as those of the client that their
     * `X-Forwarded-For` names.
     * @default []
     */
    trustedProxies?: string[];
    /**
     * Origins whose pages may send events, such as `https://shop.example`; `*` for all.
     * @default all if other machines can reach the server, else pages on loopback only
     */
    allowedOrigins?: string[];
    /**
     * Origins whose pages may read source maps at `/api/maps/<debug ID>`, with a token where one is needed, besides the browser extension.
     * @default []
     */
    mapOrigins?: string[];
    /**
     * How many uploaded builds are kept, with what only they need; older ones are deleted within the hour.
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

interface RunningServer {
    /** The server's URL for clients, without a slash at the end. */
    url: string;
    /** The folder or the URL, for messages. */
    vault: string;
    org: string;
    projects: {
        slug: string;
        dsn: string;
    }[];
    needsTokens: boolean;
    /** Lets requests in progress finish first, for up to `timeouts.close`. */
    close(): Promise<void>;
}
/** The vault over HTTP; listens when it resolves. @throws MapsealError */
declare function createServer(options?: ServerOptions): Promise<RunningServer>;

/** A token as the store keeps it, with a digest of the secret: this has 256 random bits, so that a plain SHA-256 is safe. */
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

/** @returns the token itself, which is not stored */
declare function createToken(store: Store, access: Access, name?: string): Promise<{
    token: string;
    record: TokenRecord;
}>;
/** Oldest first. */
declare function listTokens(store: Store): Promise<TokenRecord[]>;
/** @throws MapsealError if there is no token with this ID */
declare function revokeToken(store: Store, id: string): Promise<void>;

export { createKey, createLog, createServer, createToken, listKeys, listTokens, revokeKey, revokeToken };
export type { Access, ClientKey, Limits, Log, LogFields, LogFormat, Retention, RunningServer, ServerOptions, Timeouts, TokenRecord };
