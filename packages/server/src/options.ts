import { didYouMean, MapsealError } from '@mapseal/core'
import type { Retention } from './events/retention.ts'
import { createLog, type Log } from './http/log.ts'
import { defaultLimits, defaultTimeouts, type Limits, longestTimeout, type Timeouts } from './limits.ts'
import { resolveNumbers } from './numbers.ts'

export interface ServerOptions {
  /**
   * Where to listen. Other than on loopback every request needs a token.
   * @default '127.0.0.1'
   */
  host?: string
  /**
   * `0` is any free one.
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
   * The admin token; with one, every request needs a token.
   * @default undefined
   */
  adminToken?: string
  /**
   * The origin that clients reach the server at, where that is not what their `Host` header says: behind a proxy that
   * speaks TLS.
   * @default undefined
   */
  url?: string
  /**
   * Keep this many builds, and what they alone need; older ones are forgotten within the hour.
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
  extends Required<Omit<ServerOptions, 'vault' | 'adminToken' | 'url' | 'retain'>> {
  vault: string | undefined
  adminToken: string | undefined
  url: string | undefined
  retain: number | undefined
  events: Retention
  limits: Limits
  timeouts: Timeouts
}

const defaultRetention: Retention = { perGroup: 100, perProject: 5000, days: 30 }

/** @throws MapsealError for what is unknown or makes no sense */
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
  if (resolved.projects.length === 0) throw fault('projects names none. Name one, or leave it out for "app".')
  for (const slug of [resolved.org, ...resolved.projects]) checkSlug(slug)
  const { port, url, adminToken, retain } = resolved
  if (retain !== undefined && !(Number.isInteger(retain) && retain > 0)) {
    throw fault(`retain is a number of builds from 1 on, not ${retain}.`)
  }
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw fault(`${port} is no port. Name one from 0 to 65535.`)
  if (url !== undefined && !/^https?:\/\/[^/?#@\s]+$/.test(url)) {
    throw fault(`"${url}" is no origin. Write it as https://maps.example.com, without a path.`)
  }
  if (adminToken !== undefined && !/^[\x21-\x7e]{16,}$/.test(adminToken)) {
    throw fault('The admin token is too short or holds blanks. Take 16 or more characters: openssl rand -hex 32.')
  }
  return resolved
}

/** As in a URL's path, and not only digits: those are IDs. */
function checkSlug(slug: string): void {
  if (/^[a-z0-9][a-z0-9_-]{0,63}$/.test(slug) && !/^\d+$/.test(slug)) return
  throw fault(`"${slug}" is no slug. Use lower-case letters, digits, - and _, up to 64 and not digits alone.`)
}

function fault(message: string): MapsealError {
  return new MapsealError('server', message)
}
