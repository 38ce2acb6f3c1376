import { setTimeout as sleep } from 'node:timers/promises'
import { HttpError, MapsealError } from '../errors.ts'
import { readAddress, shown } from './address.ts'
import { trustLater } from './authorities.ts'
import { type Client, createClient, type RawRequest, type RawResponse } from './client.ts'
import { type Budget, type End, startBudget, watchTry } from './clock.ts'
import { basic, credentialsOf, shortestSecret } from './credentials.ts'
import { aborted, type Exchange, isPassingError, refused, unanswered } from './errors.ts'
import { proxiesOf } from './proxy.ts'
import { redactor, secretsOf } from './redact.ts'
import { responseOf } from './response.ts'
import { backoff, isPassing, maxTries, requestedWait } from './retry.ts'
import { defaultTimeouts, type Timeouts } from './timeouts.ts'
import type { Fetch, HttpRequest, HttpResponse } from './types.ts'

export interface FetchOptions {
  /** Ends every exchange at once, and refuses further ones. */
  signal: AbortSignal
  userAgent: string
  /** Where `HTTPS_PROXY` and its kin are read. @default process.env */
  env?: NodeJS.ProcessEnv
  /** PEM certificates to trust besides the default ones. */
  ca?: string | string[]
  /** In ms. */
  timeouts?: Partial<Timeouts>
  /** Never shown in an error, wherever a server or a library repeats them. */
  secrets?: string[]
  /** Plain `http:` to hosts that are not this machine. @default false */
  allowInsecure?: boolean
  /** Deliveries may wait for a server; a person may not. @default true */
  isDelivery?: boolean
  /** Whether `mapseal flush` makes up for a failure, as errors then say. @default isDelivery */
  isFlushed?: boolean
}

export interface FetchClient {
  fetch: Fetch
  /** Ends what is under way and closes all connections. */
  close(): Promise<void>
}

/** The one HTTP client of all destinations. @throws HttpError when `ca` cannot be read */
export function createFetch(options: FetchOptions): FetchClient {
  const { signal, userAgent, env = process.env, ca, secrets = [], allowInsecure = false, isDelivery = true } = options
  const { isFlushed = isDelivery } = options
  const timeouts = { ...defaultTimeouts, ...options.timeouts }
  const proxyFor = proxiesOf(env)
  const client = createClient(proxyFor, timeouts, trustLater(ca, env))
  // One listener on the caller's signal, however many exchanges: Node warns of more than ten.
  const controller = new AbortController()
  const underWay = new Set<End>()
  const ending: Ending = { signal: controller.signal, underWay }
  let isClosed = false
  const abortAll = () => {
    controller.abort()
    for (const end of underWay) end(controller.signal.reason)
  }
  signal.addEventListener('abort', abortAll)

  async function fetch(address: string, options: HttpRequest = {}): Promise<HttpResponse> {
    const url = readAddress(address, allowInsecure, redactor(secrets))
    const proxy = proxyFor(url)
    const request = rawRequest(url, options, userAgent)
    const redact = redactor(allSecrets(secrets, url, options, request, proxy))
    const label = () => redact(`${request.method} ${shown(url)}`)
    const exchange: Exchange = { label, url, proxy, tries: 0, spent: 0, redact, isDelivery, isFlushed }
    if (signal.aborted) throw aborted(exchange)
    if (isClosed) throw new HttpError(`${label()} came after the client was closed. Close it last.`)
    return responseOf(await run(exchange, client, request, timeouts, ending, options.accept ?? []), exchange)
  }

  return {
    fetch,
    async close() {
      isClosed = true
      signal.removeEventListener('abort', abortAll)
      abortAll()
      await client.destroy()
    },
  }
}

/** Those of all requests, and of this one: in its body, in its headers, in its URL and in that of its proxy. */
function* allSecrets(
  ofAll: string[],
  url: URL,
  { secrets = [] }: HttpRequest,
  { headers }: RawRequest,
  proxy: URL | undefined,
): Generator<string> {
  yield* ofAll
  yield* secrets.filter(secret => secret.length >= shortestSecret)
  yield* secretsOf(url, headers)
  if (proxy) yield* credentialsOf(proxy)
}

/** What ends all exchanges. */
interface Ending {
  signal: AbortSignal
  underWay: Set<End>
}

/** All tries, counted in `exchange`. @throws HttpError */
async function run(
  exchange: Exchange,
  client: Client,
  request: RawRequest,
  timeouts: Timeouts,
  { signal, underWay }: Ending,
  accepted: number[],
): Promise<RawResponse> {
  const begin = performance.now()
  const budget = startBudget(timeouts.exchange)
  const most = exchange.isDelivery ? maxTries : 2
  for (;;) {
    exchange.tries += 1
    const outcome = await attempt(client, request, exchange.url, timeouts, budget, underWay)
    exchange.spent = performance.now() - begin
    if (signal.aborted) throw aborted(exchange)
    if ('status' in outcome && isWanted(outcome.status, accepted)) return outcome
    const wait = exchange.tries < most ? nextWait(outcome, exchange.tries, timeouts.backoff) : undefined
    if (wait === undefined || wait >= budget.left()) {
      throw 'status' in outcome ? refused(outcome, exchange) : unanswered(outcome.cause, exchange)
    }
    await sleep(wait, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) throw aborted(exchange)
  }
}

async function attempt(
  client: Client,
  request: RawRequest,
  url: URL,
  timeouts: Timeouts,
  budget: Budget,
  underWay: Set<End>,
): Promise<RawResponse | { cause: unknown }> {
  const watch = watchTry(underWay, timeouts, budget)
  try {
    return await client.send(url, request, watch)
  } catch (cause) {
    if (cause instanceof MapsealError) throw cause // The body cannot be read; another try would not help.
    return { cause }
  } finally {
    watch.stop()
  }
}

const isWanted = (status: number, accepted: number[]) => (status >= 200 && status < 300) || accepted.includes(status)

/** In ms; undefined when another try would not help. */
function nextWait(outcome: RawResponse | { cause: unknown }, tries: number, base: number): number | undefined {
  const isHopeful = 'status' in outcome ? isPassing(outcome.status) : isPassingError(outcome.cause)
  if (!isHopeful) return undefined
  const requested = 'status' in outcome ? requestedWait(outcome, Date.now()) : undefined
  // Not to the millisecond: all clients that got the same wait would be back at once.
  return requested ? requested + backoff(1, base) : backoff(tries, base)
}

function rawRequest(url: URL, { method = 'GET', headers = {}, body }: HttpRequest, userAgent: string): RawRequest {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  return { method, headers: { 'user-agent': userAgent, ...basic('authorization', url), ...lower }, body: bytes }
}
