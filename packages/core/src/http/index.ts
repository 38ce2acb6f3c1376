// All that the entries share is so one file: each costs a build a millisecond to load.
import '../index.ts'

/** One client for destinations, S3 and the command line; apart from core's index, which loads no `node:https`. */
export { type Agents, createAgents } from './agents.ts'
export { trust } from './authorities.ts'
export { createFetch, type FetchClient, type FetchOptions } from './create-fetch.ts'
export { basic, credentialsOf, shortestSecret } from './credentials.ts'
export { isTls, proxyAdvice, proxyStatus, tlsAdvice } from './failure.ts'
export { isLoopback } from './loopback.ts'
export { proxyFor, proxySecrets } from './proxy.ts'
export type { Timeouts } from './timeouts.ts'
export { placeOf } from './tunnel.ts'
