import type { Bytes } from '../types.ts'

export interface HttpRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  headers?: Record<string, string>
  body?: Bytes | string | StreamedBody
  /**
   * Statuses besides 2xx that are answers, not errors: they are returned, and not retried.
   * @default []
   */
  accept?: number[]
  /** Secrets in the body, which no error shows. Those in headers and in the URL are found without. */
  secrets?: string[]
  /** What a server answers if all is well, for dry runs: where a later request depends on it. As JSON. */
  sample?: unknown
}

/** A body that need not be in memory whole. Its pieces are requested anew at each try. */
export interface StreamedBody {
  /** In bytes. */
  size: number
  /** @throws MapsealError when they cannot be read, which ends the exchange */
  pieces(): Iterable<Bytes>
}

export interface HttpResponse {
  status: number
  /** Case-insensitive. */
  header(name: string): string | undefined
  text: string
  /** @throws MapsealError that says what came instead, such as a proxy's HTML */
  json(): unknown
}

/**
 * The one HTTP client of all destinations: keep-alive, proxies, private CAs, time limits, retries. Resolves with a 2xx (or
 * accepted) answer. @throws HttpError otherwise, after retrying what may pass; nothing in it holds a secret
 */
export type Fetch = (url: string, request?: HttpRequest) => Promise<HttpResponse>

/** The user's settings for connections to destinations and the vault. */
export interface Network {
  ca?: string | string[] | undefined
  allowInsecure?: boolean
}

/** Opens the client, at the first request. */
export type Connect = (signal: AbortSignal, network: Network) => Promise<{ fetch: Fetch; close(): Promise<void> }>
