/** All in ms. */
interface Timeouts {
    /** Until a connection stands, TLS included. @default 10_000 */
    connect: number;
    /** From the last piece of the request that was taken to the response's headers. @default 30_000 */
    headers: number;
    /** Without a byte of the response's body. @default 30_000 */
    body: number;
    /** One call of `fetch`, all tries and the waits between them, but not the time in which a body moves out. @default 60_000 */
    exchange: number;
    /** The wait before the second try; it doubles from try to try. @default 500 */
    backoff: number;
}

/** Bytes as Node hands them round; a `Buffer` is one. */
type Bytes = Uint8Array;

interface HttpRequest {
    method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
    headers?: Record<string, string>;
    body?: Bytes | string | StreamedBody;
    /**
     * Statuses besides 2xx that are answers, not errors: they are returned, and not retried.
     * @default []
     */
    accept?: number[];
    /** Secrets in the body, which no error shows. Those in headers and in the URL are found without. */
    secrets?: string[];
    /** What a server answers if all is well, for dry runs: where a later request depends on it. As JSON. */
    sample?: unknown;
}
/** A body that need not be in memory whole. Its pieces are requested anew at each try. */
interface StreamedBody {
    /** In bytes. */
    size: number;
    /** @throws MapsealError when they cannot be read, which ends the exchange */
    pieces(): Iterable<Bytes>;
}
interface HttpResponse {
    status: number;
    /** Case-insensitive. */
    header(name: string): string | undefined;
    text: string;
    /** @throws MapsealError that says what came instead, such as a proxy's HTML */
    json(): unknown;
}
/**
 * The one HTTP client of all destinations: keep-alive, proxies, private CAs, time limits, retries. Resolves with a 2xx (or
 * accepted) answer. @throws HttpError otherwise, after retrying what may pass; nothing in it holds a secret
 */
type Fetch = (url: string, request?: HttpRequest) => Promise<HttpResponse>;

interface FetchOptions {
    /** Ends every exchange at once, and refuses further ones. */
    signal: AbortSignal;
    userAgent: string;
    /** Where `HTTPS_PROXY` and its kin are read. @default process.env */
    env?: NodeJS.ProcessEnv;
    /** PEM certificates to trust besides the default ones. */
    ca?: string | string[];
    /** In ms. */
    timeouts?: Partial<Timeouts>;
    /** Never shown in an error, wherever a server or a library repeats them. */
    secrets?: string[];
    /** Plain `http:` to hosts that are not this machine. @default false */
    allowInsecure?: boolean;
    /** Deliveries may wait for a server; a person may not. @default true */
    isDelivery?: boolean;
    /** Whether `mapseal flush` makes up for a failure, as errors then say. @default isDelivery */
    isFlushed?: boolean;
}
interface FetchClient {
    fetch: Fetch;
    /** Ends what is under way and closes all connections. */
    close(): Promise<void>;
}
/** The one HTTP client of all destinations. @throws HttpError when `ca` cannot be read */
declare function createFetch(options: FetchOptions): FetchClient;

export { createFetch };
export type { FetchClient, FetchOptions, Timeouts };
