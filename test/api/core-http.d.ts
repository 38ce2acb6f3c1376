import http from 'node:http';
import https from 'node:https';
import { SecureContext } from 'node:tls';

/** Bytes as Node hands them round; a `Buffer` is one. */
type Bytes = Uint8Array;
interface HttpRequest {
    method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
    headers?: Record<string, string>;
    body?: Bytes | string | StreamedBody;
    /**
     * Statuses besides 2xx that are answers, not errors: they are returned, and not retried.
     * @default []
     */
    accept?: number[];
}
/** A body that need not be in memory whole. Its pieces are asked for anew at each try. */
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

/** The connections of one client, kept alive. */
interface Agents {
    /** For `https:`, straight or through the proxy that the environment names for the host. */
    secure(): https.Agent;
    /** Straight to a host, `https:` or `http:`. */
    direct(protocol: string): http.Agent;
    /** Ends all connections. */
    destroy(): void;
}
interface AgentsOptions {
    /** Where `HTTPS_PROXY` and its kin are read. */
    env: NodeJS.ProcessEnv;
    /** Asked for at the first connection that needs it: reading certificates takes long. Undefined for Node's own default. */
    trusted(): SecureContext | undefined;
    /** For a proxy's answer to CONNECT, in ms. */
    timeout: number;
}
declare function createAgents({ env, trusted, timeout }: AgentsOptions): Agents;

/**
 * Trust in the default roots, in those of `NODE_EXTRA_CA_CERTS` and in `ca` (PEM); undefined where Node's own default is that
 * already. One context for all connections: reading 150 certificates takes longer than a handshake.
 * @throws HttpError when `ca` is not PEM
 */
declare function trust(ca: string | string[] | undefined, env: NodeJS.ProcessEnv): SecureContext | undefined;

/** All in ms. */
interface Timeouts {
    /** Until a connection stands, TLS included. @default 10_000 */
    connect: number;
    /** From the last piece of the request that was taken to the answer's headers. @default 30_000 */
    headers: number;
    /** Without a byte of the answer's body. @default 30_000 */
    body: number;
    /** One call of `fetch`, all tries and the waits between them, but not the time in which a body moves out. @default 60_000 */
    exchange: number;
    /** The wait before the second try; it doubles from try to try. @default 500 */
    backoff: number;
}

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
    /** Deliveries may wait for a server, and `mapseal flush` goes on with them; a person may not. @default true */
    isDelivery?: boolean;
}
interface FetchClient {
    fetch: Fetch;
    /** Ends what is under way and closes all connections. */
    close(): Promise<void>;
}
/** The one HTTP client of all destinations. @throws HttpError when `ca` cannot be read */
declare function createFetch(options: FetchOptions): FetchClient;

/** Shorter ones would blot out ordinary words. */
declare const shortestSecret = 4;
/** Of a URL, as written and decoded: what must never be told. */
declare function credentialsOf({ username, password }: URL): string[];
/** They are a header on the wire, by the name that is given; none where a URL has none. */
declare function basic(header: string, { username, password }: URL): Record<string, string>;

/** Of the code of an error; undefined for any other. */
declare function proxyStatus(code: string): number | undefined;
/** What to do about the status of a refusal. 401 is what some answer where 407 is meant. */
declare function proxyAdvice(status: number): string;
/** Of the code of an error. */
declare function isTls(code: string): boolean;
declare function tlsAdvice(code: string): string;

/** By its address, or by the one name that is never asked of a name server. */
declare function isLoopback({ hostname }: URL): boolean;

/**
 * The proxy for a URL, by `http_proxy`, `https_proxy` and `no_proxy`, lower case first, as curl reads them.
 * Loopback is never asked of a proxy: it would reach its own.
 * @throws HttpError when the variable does not hold a proxy's URL
 */
declare function proxyFor(url: URL, env: NodeJS.ProcessEnv): URL | undefined;
/** What must never be told of the proxy for `https:`. */
declare function proxySecrets(env: NodeJS.ProcessEnv): string[];

/** Where a URL leads, for a request. A `Host` header for another, as proxies get, is not the name in its certificate. */
declare function placeOf({ protocol, hostname, port }: URL): https.RequestOptions;

export { basic, createAgents, createFetch, credentialsOf, isLoopback, isTls, placeOf, proxyAdvice, proxyFor, proxySecrets, proxyStatus, shortestSecret, tlsAdvice, trust };
export type { Agents, FetchClient, FetchOptions, Timeouts };
