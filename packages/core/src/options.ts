import { isCI } from './build/is-ci.ts'
import { unknownOptions } from './config/unknown-options.ts'
import type { Destination } from './deliver/destination.ts'
import type { Urls } from './deliver/urls.ts'
import { MapsealError } from './errors.ts'
import type { SecretsPolicy } from './guard/guard.ts'
import type { SourcesContent } from './guard/sources-content.ts'
import type { Connect } from './http/types.ts'
import { checkLink, type Link } from './inject/link.ts'
import { stderrLogger } from './logger.ts'
import type { Logger } from './types.ts'

/** What a user may write; all of it optional. */
export interface Options {
  /**
   * `false` switches the plugin off: the output is byte-identical to a build without it.
   * @default true
   */
  enabled?: boolean
  /**
   * The name of this version, or its name and `dist` (which of its builds this is); `false` for none.
   * @default `MAPSEAL_RELEASE`, `SENTRY_RELEASE`, the CI's commit variable, then `git rev-parse HEAD`
   */
  release?: string | { name?: string; dist?: string } | false
  /**
   * Where source maps are delivered, besides the vault.
   * @default []
   */
  destinations?: Destination[]
  /**
   * Where the scripts of the output are loaded from, for destinations that find maps by URL: what stands before each path, or a
   * function from a path to one URL or several. Each destination has an option of this name too, which goes before this one.
   * @default none
   */
  urls?: Urls
  /**
   * A public comment to a private place, for developer tools: where each script says that its source map is. A URL with `{debugId}`
   * or `{path}` in it, or a function that makes one.
   * @default none
   */
  link?: Link
  /**
   * `'later'` leaves delivery to `mapseal flush`.
   * @default 'now'
   */
  deliver?: 'now' | 'later'
  /**
   * Print the requests that would deliver the build, without secrets, and send none: the deliveries stay pending.
   * @default false
   */
  dryRun?: boolean
  /**
   * `'sealed'` takes the source maps out of the output; `'keep'` leaves them beside the code, hidden, for those who
   * serve them privately; `'configured'` leaves those that the bundler's own setting asks for, and seals the others.
   * @default 'sealed'
   */
  output?: 'sealed' | 'configured' | 'keep'
  /**
   * Which scripts of the output are sealed: globs relative to the output folder, with forward slashes.
   * @default all
   */
  include?: string | string[]
  /**
   * Which of these are left as they are, without snippet and debug ID: globs as for `include`.
   * @default none
   */
  exclude?: string | string[]
  /**
   * Files whose source may be public, such as a third party's scripts that are copied with their maps: globs as for `include`. They
   * are left as they are, and not reported.
   * @default none
   */
  allow?: string | string[]
  /**
   * What a failed delivery, or source left in the output, means for the build. A function gets the error; the build fails if it
   * throws.
   * @default 'fail' in CI, else 'warn'
   */
  onError?: 'fail' | 'warn' | ((error: Error) => void)
  /**
   * What secrets mean that stand in the source, before source maps leave this machine: keys and tokens that have a form of their own,
   * and values of `.env` files. `'redact'` overwrites them in source maps.
   * @default 'warn'
   */
  secrets?: SecretsPolicy
  /**
   * The text of original files in the source maps of the vault and of destinations: as the bundler has it, filled in from the disk where
   * it is missing, or left out.
   * @default 'keep'
   */
  sourcesContent?: SourcesContent
  /**
   * The vault: a folder, or `s3://bucket/prefix` in any S3-compatible storage.
   * @default `MAPSEAL_VAULT`, else `.mapseal` beside the nearest lock file or `package.json`
   */
  vault?: string
  /**
   * How many builds of each app the vault keeps. An app is a project and the folders it is built into. A build that is
   * younger than a week, has a pending delivery or was uploaded to a server is always kept.
   * @default 20
   */
  retain?: number
  /**
   * Certificates that the servers of destinations and of the vault may have besides those that Node trusts, as PEM text.
   * @default `NODE_EXTRA_CA_CERTS` alone
   */
  ca?: string | string[]
  /**
   * Whether to deliver over plain `http:` to other machines; tokens and source can then be read on the way.
   * @default false
   */
  allowInsecure?: boolean
  /** A file to which the report of the build is written as JSON. */
  report?: string
  /**
   * Where lines for people go.
   * @default stderr
   */
  logger?: Logger
}

/** {@link Options}, complete. After this, no code checks whether an option was set. */
export interface ResolvedOptions {
  enabled: boolean
  release: { name: string | undefined; dist: string | undefined } | false
  destinations: Destination[]
  urls: Urls | undefined
  link: Link | undefined
  deliver: 'now' | 'later'
  dryRun: boolean
  output: 'sealed' | 'configured' | 'keep'
  /** Undefined for all scripts. */
  include: string[] | undefined
  exclude: string[]
  allow: string[]
  onError: 'fail' | 'warn' | ((error: Error) => void)
  secrets: SecretsPolicy
  sourcesContent: SourcesContent
  vault: string | undefined
  retain: number
  ca: string | string[] | undefined
  allowInsecure: boolean
  report: string | undefined
  logger: Logger
}

/** Resolved options, and what the surroundings add to them. */
export interface ConnectedOptions extends ResolvedOptions {
  connect?: Connect
  /** See `BuildRecord`. */
  urlPrefix?: string
  /** Whether another tool may have restored the output from its cache: what the newest record has all of is not recorded again. */
  mayBeRestored?: boolean
  /** Whether a folder that is sealed stays as it is. */
  isRehearsal?: boolean
  /** Whether source maps of a folder lose their sections, and get the sources that they lack. */
  rewrite?: boolean
}

const known = [
  'enabled',
  'release',
  'destinations',
  'urls',
  'link',
  'deliver',
  'dryRun',
  'output',
  'include',
  'exclude',
  'allow',
  'onError',
  'secrets',
  'sourcesContent',
  'vault',
  'retain',
  'ca',
  'allowInsecure',
  'report',
  'logger',
] satisfies (keyof Options)[]

/** @throws MapsealError for an option that is unknown, of the wrong type or contradictory. */
export function resolveOptions(options: Options = {}, env: NodeJS.ProcessEnv = process.env): ResolvedOptions {
  if (typeof options !== 'object' || options === null) throw new MapsealError('options', 'An object was expected.')
  const unknown = unknownOptions(options, known)
  if (unknown !== undefined) throw new MapsealError('options', unknown)
  const { release, destinations = [] } = options
  const resolved: ResolvedOptions = {
    enabled: options.enabled ?? true,
    release: release === false ? false : readRelease(release),
    destinations,
    urls: options.urls,
    link: options.link,
    deliver: options.deliver ?? 'now',
    dryRun: options.dryRun ?? false,
    output: options.output ?? 'sealed',
    include: options.include === undefined ? undefined : readPatterns('include', options.include),
    exclude: readPatterns('exclude', options.exclude ?? []),
    allow: readPatterns('allow', options.allow ?? []),
    onError: options.onError ?? (isCI(env) ? 'fail' : 'warn'),
    secrets: options.secrets ?? 'warn',
    sourcesContent: options.sourcesContent ?? 'keep',
    vault: setValue(options.vault) ?? setValue(env.MAPSEAL_VAULT),
    retain: options.retain ?? 20,
    ca: options.ca,
    allowInsecure: options.allowInsecure ?? false,
    report: setValue(options.report),
    logger: options.logger ?? stderrLogger,
  }
  check(resolved)
  return resolved
}

function readRelease(release: Exclude<Options['release'], false>): {
  name: string | undefined
  dist: string | undefined
} {
  const { name, dist } = typeof release === 'object' ? release : { name: release, dist: undefined }
  return { name: setValue(name), dist: setValue(dist) }
}

/** A pattern that can never match is a mistake: paths are relative, without a dot segment, and have forward slashes. */
function readPatterns(option: 'include' | 'exclude' | 'allow', value: string | string[]): string[] {
  const patterns = [value].flat()
  if (patterns.some(pattern => typeof pattern !== 'string' || pattern.trim() === ''))
    refuse(option, 'a glob or several of them, such as "vendor/**"')
  if (option === 'include' && patterns.length === 0) refuse(option, 'at least one glob; leave it out for all scripts')
  for (const pattern of patterns) {
    if (/^!(?!\()/.test(pattern))
      throw new MapsealError(
        'options',
        `"${option}" has "${pattern}". Write what is left out in "exclude", without "!".`,
      )
    if (/^(?:\/|[a-z]:|(?:\.\/)*\.\.(?:\/|$))/i.test(pattern))
      throw new MapsealError(
        'options',
        `"${option}" has "${pattern}". Globs are relative to the output folder, such as "assets/*.js".`,
      )
  }
  return patterns
}

function check(options: ResolvedOptions): void {
  const { enabled, deliver, dryRun, output, onError, secrets, retain, destinations, urls, ca, allowInsecure } = options
  if (typeof enabled !== 'boolean') refuse('enabled', 'true or false')
  if (typeof dryRun !== 'boolean') refuse('dryRun', 'true or false')
  if (typeof allowInsecure !== 'boolean') refuse('allowInsecure', 'true or false')
  if (ca !== undefined && [ca].flat().some(each => typeof each !== 'string'))
    refuse('ca', 'PEM text, or several of them')
  if (urls !== undefined && typeof urls !== 'function' && !setValue(urls))
    refuse('urls', 'the beginning of URLs, such as "https://shop.example/", or a function')
  checkLink(options.link)
  if (deliver !== 'now' && deliver !== 'later') refuse('deliver', '"now" or "later"')
  if (output !== 'sealed' && output !== 'configured' && output !== 'keep')
    refuse('output', '"sealed", "configured" or "keep"')
  if (onError !== 'fail' && onError !== 'warn' && typeof onError !== 'function')
    refuse('onError', '"fail", "warn" or a function')
  if (!['warn', 'fail', 'redact', 'ignore'].includes(secrets)) refuse('secrets', '"warn", "fail", "redact" or "ignore"')
  if (!['keep', 'fill', 'omit'].includes(options.sourcesContent)) refuse('sourcesContent', '"keep", "fill" or "omit"')
  if (!Number.isInteger(retain) || retain < 1) refuse('retain', 'a whole number from 1')
  if (!Array.isArray(destinations)) refuse('destinations', 'an array, such as [directory({ path: "maps" })]')
  const names = new Set<string>()
  for (const destination of destinations) {
    if (typeof destination?.deliver !== 'function' || !destination.name) {
      refuse('destinations', 'an array of destinations, each the result of a call such as directory({ path: "maps" })')
    }
    if (names.has(destination.name)) {
      throw new MapsealError(
        'options',
        `Two destinations are named "${destination.name}". Give one another name: { ...${destination.name}(…), name: "${destination.name}-2" }.`,
      )
    }
    names.add(destination.name)
  }
}

function refuse(option: string, expected: string): never {
  throw new MapsealError('options', `"${option}" takes ${expected}.`)
}

/** Empty and blank values count as unset: CI systems define variables they have no value for. */
export function setValue(value: string | undefined): string | undefined {
  if (value !== undefined && typeof value !== 'string')
    throw new MapsealError('options', `A text was expected, not ${typeof value}.`)
  return value?.trim() || undefined
}
