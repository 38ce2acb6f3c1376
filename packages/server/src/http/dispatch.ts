import type { IncomingMessage, ServerResponse } from 'node:http'
import { reason } from '@mapseal/core'
import type { ResolvedServerOptions } from '../options.ts'
import { storeFailureOf } from '../store/failure.ts'
import type { Gate } from '../tokens/gate.ts'
import { type Answer, json } from './answer.ts'
import { createBodyMemory, type Hold } from './body-memory.ts'
import { createClientAddress } from './client-address.ts'
import { corsFor } from './cors.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { originOf, refuseForeignPages } from './origin.ts'
import { HttpProblem, problemOf } from './problem.ts'
import { addressKey, createRateLimiter, type RateLimiter } from './rate-limit.ts'
import { createRequest, parseTarget, type Request, type Target } from './request.ts'
import { type Route, routeName } from './route.ts'
import { createRouter } from './router.ts'
import { hasBody, sendAnswer } from './send.ts'

export interface Dispatcher {
  dispatch(incoming: IncomingMessage, response: ServerResponse): Promise<void>
  /** Makes every answer from now on the last of its connection. */
  wind(): void
}

export interface DispatcherServices {
  gate: Gate
  options: Pick<ResolvedServerOptions, 'limits' | 'timeouts' | 'url' | 'host' | 'trustedProxies'>
  log: Log
  metrics: Metrics
}

export function createDispatcher(
  routes: readonly Route[],
  { gate, options, log, metrics }: DispatcherServices,
): Dispatcher {
  const clientAddress = createClientAddress(options.trustedProxies)
  const byAddress = createRateLimiter(options.limits.rate)
  const byToken = createRateLimiter(options.limits.rate)
  const router = createRouter(routes)
  let underWay = 0
  const memory = createBodyMemory(options.limits.heldBytes)
  let isWinding = false
  metrics.gauge('mapseal_requests_under_way', 'Requests in progress.', () => underWay)
  metrics.gauge('mapseal_body_bytes', 'Bytes of bodies in memory.', memory.used)

  async function answer(incoming: IncomingMessage, hold: Hold, seen: Seen): Promise<Answer> {
    const address = clientAddress.of(incoming)
    const byClient = () => take(byAddress, addressKey(address))
    const { route, token, target, ...rest } = await admit(incoming, address, seen).catch(cause => {
      byClient()
      throw cause
    })
    // What others send from an address does not slow down those who have a token.
    if (token === undefined) byClient()
    else take(byToken, token)
    return route.handle(createRequest(incoming, target, { ...rest, address, hold }))
  }

  /** @throws HttpProblem unless the request is for a route and may use it */
  async function admit(incoming: IncomingMessage, address: string, seen: Seen): Promise<Admitted> {
    const target = parseTarget(incoming.url ?? '')
    seen.path = target.path
    const { route, params } = router.find(incoming.method ?? '', target.path)
    seen.route = routeName(route)
    seen.cors = corsFor(route, incoming.headers)
    const origin = route.isForAnyHost ? '' : originOf(incoming.headers, options)
    const admitted = { target, route, params, origin }
    if (route.access === 'public') return admitted
    if (!(await gate.isOpen())) {
      return { ...admitted, token: await gate.admit(incoming.headers.authorization, address, route.access) }
    }
    if (!seen.cors) refuseForeignPages(incoming.headers, origin)
    return admitted
  }

  async function dispatch(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const start = performance.now()
    const seen: Seen = { path: '', route: 'none' }
    underWay++
    const hold = memory.open()
    // Errors of the two streams reach the code that reads or writes them; without a listener, one at another time would end the process.
    incoming.on('error', () => {})
    response.on('error', () => {})
    spareWhileBusy(incoming)
    let outcome: Answer
    try {
      outcome = await answer(incoming, hold, seen)
    } catch (cause) {
      outcome = problemAnswer(cause)
      const failure = storeFailureOf(cause)
      if (failure) {
        log.error('store failed', { method: incoming.method, path: seen.path, message: failure.message })
      } else if (outcome.status === 500 && !response.destroyed) {
        log.error('fault', { method: incoming.method, path: seen.path, message: reason(cause), stack: stackOf(cause) })
      }
    }
    if (seen.cors) outcome = { ...outcome, headers: { ...outcome.headers, ...seen.cors } }
    hold.release()
    incoming.socket.setTimeout(options.timeouts.idle)
    const isGone = response.destroyed || incoming.socket.destroyed
    if (!isGone) await sendAnswer(incoming, response, outcome, isWinding).catch(() => response.destroy())
    underWay--
    const seconds = (performance.now() - start) / 1000
    const status = isGone ? 'gone' : String(outcome.status)
    const labels = { method: methodLabel(incoming.method), route: seen.route, status }
    metrics.count('mapseal_http_requests_total', 'Requests by route and status.', labels)
    metrics.observe('mapseal_http_request_seconds', 'Time to answer.', seconds, { route: seen.route })
    log.info('request', { method: incoming.method, path: seen.path, status, ms: Math.round(seconds * 1000) })
  }

  return {
    dispatch,
    wind() {
      isWinding = true
    },
  }
}

interface Admitted extends Pick<Request, 'params' | 'origin'> {
  target: Target
  route: Route
  /** The key of its token's limit; absent if the route or the server needs none. */
  token?: string
}

interface Seen {
  path: string
  route: string
  cors?: Record<string, string> | undefined
}

function take(limiter: RateLimiter, key: string): void {
  const wait = limiter.take(key)
  if (wait > 0) throw new HttpProblem(429, { detail: 'Too many requests' }, { 'Retry-After': String(wait) })
}

/** The idle limit is for clients: it does not apply once the whole request has arrived. */
function spareWhileBusy(incoming: IncomingMessage): void {
  if (hasBody(incoming)) incoming.once('end', () => incoming.socket.setTimeout(0))
  else incoming.socket.setTimeout(0)
}

function problemAnswer(cause: unknown): Answer {
  const problem = problemOf(cause)
  return problem ? json(problem.body, problem.status, problem.headers) : json({ detail: 'Internal Error' }, 500)
}

function stackOf(cause: unknown): string | undefined {
  return cause instanceof Error ? cause.stack : undefined
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']

/** Clients may make up methods. */
function methodLabel(method = ''): string {
  return methods.includes(method) ? method : 'other'
}
