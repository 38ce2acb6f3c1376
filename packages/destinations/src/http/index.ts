export { createFetch, type FetchClient, type FetchOptions } from './create-fetch.ts'
export type { Timeouts } from './timeouts.ts'
