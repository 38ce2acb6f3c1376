/** One client for destinations, buckets and commands; apart from core's index, which loads no HTTP code. */
export { trust } from './authorities.ts'
export { createFetch, type FetchClient, type FetchOptions } from './create-fetch.ts'
export { basic, credentialsOf, shortestSecret } from './credentials.ts'
export { isLoopback } from './loopback.ts'
export { proxyFor, proxySecrets } from './proxy.ts'
export type { Timeouts } from './timeouts.ts'
