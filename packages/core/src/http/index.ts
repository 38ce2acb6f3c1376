// All that the entries share is so one file: each costs a build a millisecond to load.
import '../index.ts'

/** What HTTP takes besides requests, for `@mapseal/destinations`; apart from core's index, which loads no `node:https`. */
export { type Agents, createAgents } from './agents.ts'
export { trust } from './authorities.ts'
export { basic, credentialsOf, shortestSecret } from './credentials.ts'
export { isTls, proxyAdvice, proxyStatus, tlsAdvice } from './failure.ts'
export { isLoopback } from './loopback.ts'
export { proxyFor, proxySecrets } from './proxy.ts'
export { placeOf } from './tunnel.ts'
