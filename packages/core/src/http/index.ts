/** The HTTP client of destinations and commands; apart from core's index, which loads no HTTP code. */
export { createFetch, type FetchClient, type FetchOptions } from './create-fetch.ts'
export type { Timeouts } from './timeouts.ts'
