import { didYouMean } from '../suggest.ts'

/** Options that `sentry()` has under the same name. */
const ofSentry = ['org', 'project', 'authToken', 'url', 'urlPrefix', 'moduleMetadata', 'applicationKey']

/** Fields of `release` in Sentry's plugins that are fields of `sentry({ release })`. */
const ofSentryRelease = ['create', 'finalize', 'setCommits', 'deploy']

const releaseFields = ['name', 'dist']

const compat = "is an option of @mapseal/sentry-compat, which takes the whole config of Sentry's plugin"

/** What replaces other options of Sentry's plugins, today's and those of version 1 for webpack. */
const replacements: Record<string, string> = {
  telemetry: 'is not needed: Mapseal sends none',
  silent: 'is not needed: a build prints one line; "logger" takes it elsewhere',
  debug: 'is not needed: warnings are always shown, and "report" writes everything to a file',
  disable: 'is "enabled: false"',
  errorHandler: 'is "onError"',
  sourcemaps: 'is not needed: maps are always made, and never get into the output',
  filesToDeleteAfterUpload: 'is not needed: source maps never get into the output',
  deleteSourcemapsAfterUpload: 'is not needed: source maps never get into the output',
  deleteAfterCompile: 'is not needed: source maps never get into the output',
  assets: 'is "include", with globs relative to the output folder',
  ignore: 'is "exclude", with globs relative to the output folder',
  rewriteSources: compat,
  resolveSourceMap: compat,
  dist: 'is "release: { dist }"',
  finalize: 'is "sentry({ release: { finalize } })"',
  setCommits: 'is "sentry({ release: { setCommits } })"',
  deploy: 'is "sentry({ release: { deploy } })"',
  'release.inject': 'is not needed: the release is injected wherever there is one; "release: false" for none',
  'release.vcsRemote': 'is the variable SENTRY_VCS_REMOTE',
  'release.uploadLegacySourcemaps': compat,
  headers: compat,
  bundleSizeOptimizations: compat,
  reactComponentAnnotation: compat,
  _experiments: compat,
  _metaOptions: compat,
}

/** Options by which another vendor's plugin is known, and the destination that takes its place. */
const ofVendors: Record<string, { destination: string; options: string[] }> = {
  PostHog: {
    destination: 'posthog',
    options: ['personalApiKey', 'envId', 'projectId', 'host', 'cliBinaryPath'],
  },
  Datadog: { destination: 'datadog', options: ['auth', 'errorTracking', 'enableGit', 'rum'] },
  BugSnag: { destination: 'bugsnag', options: ['apiKey', 'appVersion', 'publicPath', 'endpoint', 'overwrite'] },
  Honeybadger: { destination: 'honeybadger', options: ['apiKey', 'assetsUrl', 'revision', 'endpoint'] },
  Rollbar: { destination: 'rollbar', options: ['accessToken', 'version', 'publicPath', 'baseUrl'] },
  'Grafana Faro': {
    destination: 'faro',
    options: ['appName', 'appId', 'apiKey', 'stackId', 'endpoint', 'gzipContents', 'keepSourcemaps'],
  },
}

/**
 * What to do about options that do not exist, all in one text: where they belong, why they are not needed, or which one may be
 * meant. Undefined if all are known.
 */
export function unknownOptions(options: object, known: string[]): string | undefined {
  const { release } = options as { release?: unknown }
  const unknown = Object.keys(options).filter(key => !known.includes(key))
  const fields = typeof release === 'object' ? Object.keys(Object(release)) : []
  const sentences = [...topLevel(unknown, options, known), ...ofRelease(fields)]
  return sentences.length > 0 ? sentences.join(' ') : undefined
}

function topLevel(unknown: string[], options: object, known: string[]): string[] {
  const sentry = unknown.filter(key => ofSentry.includes(key))
  const others = unknown.filter(key => !sentry.includes(key))
  const vendor = vendorOf(others)
  const vendors = others.filter(key => vendor && ofVendors[vendor]?.options.includes(key))
  const rest = others.filter(key => !vendors.includes(key))
  return [
    ...grouped(sentry, 'option', keys => `of sentry(): destinations: [sentry({ ${keys} })]`),
    ...grouped(
      vendors,
      'option',
      () =>
        `of the plugin for ${vendor}. Its place is taken by "mapseal/destinations/${vendor && ofVendors[vendor]?.destination}": see docs/migrating.md, or run \`npx mapseal init\``,
    ),
    ...rest.flatMap(key => sentencesFor(key, (options as Record<string, unknown>)[key], known)),
  ]
}

function ofRelease(fields: string[]): string[] {
  const sentry = fields.filter(key => ofSentryRelease.includes(key))
  const rest = fields.filter(key => !sentry.includes(key) && !releaseFields.includes(key))
  return [
    ...grouped(sentry, 'field', keys => `of sentry({ release: { ${keys} } }), not of "release" here`),
    ...rest.map(key => {
      const replacement = replacements[`release.${key}`]
      if (replacement) return `"release.${key}" ${replacement}.`
      return `"release" has no field "${key}".${didYouMean(key, releaseFields)}`
    }),
  ]
}

/** The vendor whose plugin has the most of these options. */
function vendorOf(keys: string[]): string | undefined {
  const counts = Object.entries(ofVendors).map(([name, { options }]) => ({
    name,
    count: keys.filter(key => options.includes(key)).length,
  }))
  const [best] = counts.sort((a, b) => b.count - a.count)
  return best && best.count > 0 ? best.name : undefined
}

function sentencesFor(key: string, value: unknown, known: string[]): string[] {
  const fields = key === 'sourcemaps' ? Object.keys(Object(value)).filter(field => replacements[field]) : []
  // They say more than the whole does.
  if (fields.length > 0) return fields.map(field => `"sourcemaps.${field}" ${replacements[field]}.`)
  if (replacements[key]) return [`"${key}" ${replacements[key]}.`]
  return [`There is no option "${key}".${didYouMean(key, known)}`]
}

/** A sentence about all of them: `"a" is an option of …`, `"a", "b" and "c" are options of …`. */
function grouped(keys: string[], noun: 'option' | 'field', place: (keys: string) => string): string[] {
  if (keys.length === 0) return []
  const quoted = keys.map(key => `"${key}"`)
  const last = quoted.pop()
  const subject =
    quoted.length > 0
      ? `${quoted.join(', ')} and ${last} are ${noun}s`
      : `${last} is ${noun === 'option' ? 'an' : 'a'} ${noun}`
  return [`${subject} ${place(keys.join(', '))}.`]
}
