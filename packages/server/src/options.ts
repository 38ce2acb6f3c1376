import { didYouMean, MapsealError } from '@mapseal/core'
import type { Retention } from './events/retention.ts'
import { createClientAddress } from './http/client-address.ts'
import { createLog, type Log } from './http/log.ts'
import { defaultLimits, defaultTimeouts, type Limits, longestTimeout, type Timeouts } from './limits.ts'
import { resolveNumbers } from './numbers.ts'

export interface ServerOptions {
  /**
   * The address to listen on. On any other than loopback, every request needs a token.
   * @default '127.0.0.1'
   */
  host?: string
  /**
   * `0` takes any free port.
   * @default 4700
   */
  port?: number
  /**
   * A folder, relative to `root`, or `s3://bucket/prefix`.
   * @default '.mapseal' beside the nearest lock file or `package.json`
   */
  vault?: string
  /** @default process.cwd() */
  root?: string
  /**
   * The organization's slug, in the paths of upload clients.
   * @default 'mapseal'
   */
  org?: string
  /**
   * Slugs of the projects that uploads and events may name.
   * @default ['app']
   */
  projects?: string[]
  /**
   * The admin token. If it is set, every request needs a token.
   * @default undefined
   */
  adminToken?: string
  /**
   * The server's public origin, if it differs from the `Host` header that requests have: behind a proxy that adds TLS,
   * for example. With one that is not on loopback, every request needs a token.
   * @default undefined
   */
  url?: string
  /**
   * Addresses and networks of proxies, such as `10.0.0.0/8`. Requests from them count as those of the client that their
   * `X-Forwarded-For` names.
   * @default []
   */
  trustedProxies?: string[]
  /**
   * Origins whose pages may send events, such as `https://shop.example`; `*` for all.
   * @default all if other machines can reach the server, else pages on loopback only
   */
  allowedOrigins?: string[]
  /**
   * Origins whose pages may read source maps at `/api/maps/<debug ID>`, with a token where one is needed, besides the browser extension.
   * @default []
   */
  mapOrigins?: string[]
  /**
   * How many uploaded builds are kept, with what only they need; older ones are deleted within the hour.
   * @default undefined, all of them
   */
  retain?: number
  /**
   * How many events are kept, and for how long.
   * @default { perGroup: 100, perProject: 5000, days: 30 }
   */
  events?: Partial<Retention>
  /** @default none */
  log?: Log
  /** Sizes in bytes. */
  limits?: Partial<Limits>
  /** In milliseconds. */
  timeouts?: Partial<Timeouts>
}

export interface ResolvedServerOptions
  extends Required<Omit<ServerOptions, 'vault' | 'adminToken' | 'url' | 'allowedOrigins' | 'retain'>> {
  vault: string | undefined
  adminToken: string | undefined
  url: string | undefined
  allowedOrigins: string[] | undefined
  retain: number | undefined
  events: Retention
  limits: Limits
  timeouts: Timeouts
}

const defaultRetention: Retention = { perGroup: 100, perProject: 5000, days: 30 }

/** @throws MapsealError for an unknown option or an invalid value */
export function resolveServerOptions(options: ServerOptions): ResolvedServerOptions {
  const resolved: ResolvedServerOptions = {
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 4700,
    vault: options.vault,
    root: options.root ?? process.cwd(),
    org: options.org ?? 'mapseal',
    projects: [...new Set(options.projects ?? ['app'])],
    adminToken: options.adminToken,
    url: options.url?.replace(/\/$/, ''),
    trustedProxies: options.trustedProxies ?? [],
    allowedOrigins: options.allowedOrigins,
    mapOrigins: options.mapOrigins ?? [],
    retain: options.retain,
    log: options.log ?? createLog(() => {}, 'text'),
    events: resolveNumbers('events', options.events, defaultRetention),
    limits: resolveNumbers('limits', options.limits, defaultLimits),
    timeouts: resolveNumbers('timeouts', options.timeouts, defaultTimeouts, longestTimeout),
  }
  for (const name of Object.keys(options)) {
    const known = Object.keys(resolved)
    if (!known.includes(name)) throw fault(`There is no option "${name}".${didYouMean(name, known)}`)
  }
  if (resolved.projects.length === 0)
    throw fault('projects is empty. Name a project, or leave the option out for "app".')
  for (const slug of [resolved.org, ...resolved.projects]) checkSlug(slug)
  const { port, url, adminToken, retain } = resolved
  if (retain !== undefined && !(Number.isInteger(retain) && retain > 0)) {
    throw fault(`retain must be a number of builds from 1 on, not ${retain}.`)
  }
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw fault(`${port} is not a port. Use a number from 0 to 65535.`)
  if (url !== undefined && !/^https?:\/\/[^/?#@\s]+$/.test(url)) {
    throw fault(`"${url}" is not an origin. Write it as https://maps.example.com, without a path.`)
  }
  createClientAddress(resolved.trustedProxies)
  for (const origin of resolved.allowedOrigins ?? []) checkOrigin(origin)
  // Sources are not for everybody.
  if (resolved.mapOrigins.includes('*'))
    throw fault('mapOrigins must name each origin: "*" is not an origin of its own.')
  for (const origin of resolved.mapOrigins) checkOrigin(origin)
  if (adminToken !== undefined && !/^[\x21-\x7e]{16,}$/.test(adminToken)) {
    throw fault('The admin token is too short or contains spaces. Use 16 or more characters: openssl rand -hex 32.')
  }
  return resolved
}

/** A slug is part of URLs. One of digits alone would be taken for an ID. */
function checkSlug(slug: string): void {
  if (/^[a-z0-9][a-z0-9_-]{0,63}$/.test(slug) && !/^\d+$/.test(slug)) return
  throw fault(`"${slug}" is not a slug. Use up to 64 lower-case letters, digits, - and _, and not digits alone.`)
}

/** As browsers send it in `Origin`. */
function checkOrigin(origin: string): void {
  if (origin === '*' || /^[a-z][a-z\d+.-]*:\/\/[^/?#@\s]+$/i.test(origin)) return
  throw fault(`"${origin}" is not an origin. Write it as https://shop.example.com, without a path, or * for all.`)
}

function fault(message: string): MapsealError {
  return new MapsealError('server', message)
}
