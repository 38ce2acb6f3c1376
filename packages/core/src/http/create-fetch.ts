import { setTimeout as sleep } from 'node:timers/promises'
import { HttpError, MapsealError } from '../errors.ts'
import type { Fetch, HttpRequest, HttpResponse } from '../types.ts'
import { readAddress, shown } from './address.ts'
import { responseOf } from './answer.ts'
import { trust } from './authorities.ts'
import { type Answer, type Client, createClient, type Sent } from './client.ts'
import { type Budget, startBudget, watchTry } from './clock.ts'
import { basic, credentialsOf } from './credentials.ts'
import { aborted, isPassingError, refused, type Told, unanswered } from './errors.ts'
import { proxyFor } from './proxy.ts'
import { redactor, secretsOf } from './redact.ts'
import { askedWait, backoff, isPassing, maxTries } from './retry.ts'
import { defaultTimeouts, type Timeouts } from './timeouts.ts'

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
  /** Deliveries may wait for a server, and `mapseal flush` goes on with them; a person may not. @default true */
  isDelivery?: boolean
}

export interface FetchClient {
  fetch: Fetch
  /** Ends what is under way and closes all connections. */
  close(): Promise<void>
}

/** The one HTTP client of all destinations. @throws HttpError when `ca` cannot be read */
export function createFetch(options: FetchOptions): FetchClient {
  const { signal, userAgent, env = process.env, ca, secrets = [], allowInsecure = false, isDelivery = true } = options
  const timeouts = { ...defaultTimeouts, ...options.timeouts }
  const own = ca === undefined ? undefined : trust(ca, env)
  let trusted: { context: ReturnType<typeof trust> } | undefined
  const client = createClient(env, timeouts, () => {
    trusted ??= { context: own ?? trust(undefined, env) }
    return trusted.context
  })
  // One listener on the caller's signal, however many exchanges: Node warns of more than ten.
  const underWay = new Set<AbortController>()
  let isClosed = false
  const abortAll = () => {
    for (const controller of underWay) controller.abort()
  }
  signal.addEventListener('abort', abortAll)

  async function fetch(address: string, request: HttpRequest = {}): Promise<HttpResponse> {
    const url = readAddress(address, allowInsecure, redactor(secrets))
    const proxy = proxyFor(url, env)
    const sent = sentOf(url, request, userAgent)
    const found = [...secretsOf(url, sent.headers), ...(proxy ? credentialsOf(proxy) : [])]
    const redact = redactor([...secrets, ...found])
    const told = { label: redact(`${sent.method} ${shown(url)}`), url, proxy, tries: 0, spent: 0, redact, isDelivery }
    if (signal.aborted) throw aborted(told)
    if (isClosed) throw new HttpError(`${told.label} came after the client was closed. Close it last.`)
    const controller = new AbortController()
    underWay.add(controller)
    try {
      const answer = await exchange(client, sent, told, timeouts, controller.signal, request.accept ?? [])
      return responseOf(answer, told.label, redact)
    } finally {
      underWay.delete(controller)
    }
  }

  return {
    fetch,
    async close() {
      isClosed = true
      signal.removeEventListener('abort', abortAll)
      abortAll()
      client.destroy()
    },
  }
}

/** All tries. Counts them in `told`. @throws HttpError */
async function exchange(
  client: Client,
  sent: Sent,
  told: Told,
  timeouts: Timeouts,
  signal: AbortSignal,
  accepted: number[],
): Promise<Answer> {
  const begin = performance.now()
  const budget = startBudget(timeouts.exchange)
  const most = told.isDelivery ? maxTries : 2
  for (;;) {
    told.tries += 1
    const outcome = await attempt(client, sent, told, timeouts, budget, signal)
    told.spent = performance.now() - begin
    if (signal.aborted) throw aborted(told)
    if ('status' in outcome && isWanted(outcome.status, accepted)) return outcome
    const wait = told.tries < most ? nextWait(outcome, told.tries, timeouts.backoff) : undefined
    if (wait === undefined || wait >= budget.left()) {
      throw 'status' in outcome ? refused(outcome, told) : unanswered(outcome.cause, told)
    }
    await sleep(wait, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) throw aborted(told)
  }
}

async function attempt(
  client: Client,
  sent: Sent,
  { url, proxy }: Told,
  timeouts: Timeouts,
  budget: Budget,
  signal: AbortSignal,
): Promise<Answer | { cause: unknown }> {
  const watch = watchTry(signal, timeouts, budget)
  try {
    return await client.send(url, proxy, sent, watch)
  } catch (cause) {
    if (cause instanceof MapsealError) throw cause // What was to be sent cannot be read; no other try would help.
    return { cause }
  } finally {
    watch.stop()
  }
}

const isWanted = (status: number, accepted: number[]) => (status >= 200 && status < 300) || accepted.includes(status)

/** In ms; undefined when another try would not help. */
function nextWait(outcome: Answer | { cause: unknown }, tries: number, base: number): number | undefined {
  const isHopeful = 'status' in outcome ? isPassing(outcome.status) : isPassingError(outcome.cause)
  if (!isHopeful) return undefined
  const asked = 'status' in outcome ? askedWait(outcome, Date.now()) : undefined
  // Not to the millisecond: all who were told to wait would be back at once.
  return asked ? asked + backoff(1, base) : backoff(tries, base)
}

function sentOf(url: URL, { method = 'GET', headers = {}, body }: HttpRequest, userAgent: string): Sent {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  return { method, headers: { 'user-agent': userAgent, ...basic('authorization', url), ...lower }, body: bytes }
}
