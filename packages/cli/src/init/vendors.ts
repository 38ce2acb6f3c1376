import type { CarryTable } from './carry-by-table.ts'

/** An error tracker, as a project shows it. */
export interface Vendor {
  name: string
  /** Packages that are its SDK. */
  sdk: RegExp
  /** Packages that are its plugin for bundlers. */
  plugin: RegExp
  /** The destination that replaces the plugin. */
  destination: VendorDestination
}

export interface VendorDestination {
  name: string
  /** What becomes of the plugin's options. Sentry's have rules of their own. */
  carried?: CarryTable
  /** Which of the package's functions and classes the destination replaces. @default all */
  calls?: RegExp
  /** What else a person may have to set. */
  note?: string
  /** Whether it finds maps by URL, so that it needs `urls`. @default false */
  isByUrl?: boolean
  /** Variables that are needed where the options are not given, each with the option that makes it superfluous. */
  variables: Record<string, string>
}

const quiet = { needless: 'a build prints one line' }
const neverInOutput = { needless: 'source maps never get into the output' }

export const vendors: readonly Vendor[] = [
  {
    name: 'Sentry',
    sdk: /^@sentry\/(?!cli$|.*plugin)/,
    plugin: /^@sentry\/(?:vite|webpack|rollup|esbuild)-plugin$|^@sentry\/bundler-plugins(?:\/|$)/,
    destination: {
      name: 'sentry',
      note: 'Better Stack, GlitchTip and Bugsink take the uploads of Sentry: set SENTRY_URL to your server, or sentry({ url }).',
      calls: /^(?!.*sentryCliBinaryExists$)/,
      variables: { SENTRY_AUTH_TOKEN: 'authToken', SENTRY_ORG: 'org', SENTRY_PROJECT: 'project' },
    },
  },
  {
    name: 'PostHog',
    sdk: /^posthog-/,
    plugin: /^@posthog\/(?:rollup|webpack|esbuild)-plugin$/,
    destination: {
      name: 'posthog',
      carried: {
        personalApiKey: { option: 'personalApiKey' },
        projectId: { option: 'projectId' },
        envId: { option: 'projectId' },
        host: { option: 'url' },
        'sourcemaps.version': 'release',
        'sourcemaps.releaseVersion': 'release',
        'sourcemaps.enabled': { needless: 'it is, unless mapseal({ enabled: false }) says otherwise' },
        'sourcemaps.deleteAfterUpload': neverInOutput,
        logLevel: quiet,
        cliBinaryPath: { needless: 'there is no binary' },
      },
      variables: { POSTHOG_CLI_API_KEY: 'personalApiKey', POSTHOG_CLI_PROJECT_ID: 'projectId' },
    },
  },
  {
    name: 'Datadog',
    sdk: /^@datadog\/browser-/,
    plugin: /^@datadog\/(?:vite|webpack|rspack|rollup|esbuild)-plugin$/,
    destination: {
      name: 'datadog',
      carried: {
        'auth.apiKey': { option: 'apiKey' },
        'auth.site': { option: 'site' },
        'errorTracking.sourcemaps.service': { option: 'service' },
        'errorTracking.sourcemaps.minifiedPathPrefix': { option: 'urls' },
        'errorTracking.sourcemaps.releaseVersion': 'release',
        'errorTracking.sourcemaps.bailOnError': { needless: '"onError" says what a failed delivery means' },
        'errorTracking.sourcemaps.dryRun': { needless: 'mapseal({ dryRun: true }) does it' },
        'errorTracking.sourcemaps.maxConcurrency': { needless: 'the HTTP client limits its requests' },
        logLevel: quiet,
      },
      variables: { DATADOG_API_KEY: 'apiKey' },
    },
  },
  {
    name: 'BugSnag',
    sdk: /^@bugsnag\//,
    plugin: /^(?:webpack-bugsnag-plugins|vite-plugin-bugsnag)$/,
    destination: {
      name: 'bugsnag',
      isByUrl: true,
      calls: /SourceMapUploader/,
      carried: {
        apiKey: { option: 'apiKey' },
        appVersion: 'release',
        publicPath: { option: 'urls' },
        base: { option: 'urls' },
        overwrite: { option: 'overwrite' },
      },
      variables: { BUGSNAG_API_KEY: 'apiKey' },
    },
  },
  {
    name: 'Rollbar',
    sdk: /^rollbar$/,
    plugin: /^(?:rollbar-sourcemap-webpack-plugin|vite-plugin-rollbar)/,
    destination: {
      name: 'rollbar',
      isByUrl: true,
      carried: {
        accessToken: { option: 'accessToken' },
        version: 'release',
        publicPath: { option: 'urls' },
        baseUrl: { option: 'urls' },
        silent: quiet,
        ignoreErrors: { needless: '"onError" says what a failed delivery means' },
        ignoreUploadErrors: { needless: '"onError" says what a failed delivery means' },
      },
      variables: { ROLLBAR_ACCESS_TOKEN: 'accessToken' },
    },
  },
  {
    name: 'Honeybadger',
    sdk: /^@honeybadger-io\/(?:js|react|vue)$/,
    plugin: /^@honeybadger-io\/(?:webpack|rollup-plugin|esbuild-plugin)$/,
    destination: {
      name: 'honeybadger',
      isByUrl: true,
      carried: {
        apiKey: { option: 'apiKey' },
        assetsUrl: { option: 'urls' },
        revision: 'release',
        silent: quiet,
        ignoreErrors: { needless: '"onError" says what a failed delivery means' },
        retries: { needless: 'requests are repeated as long as it makes sense' },
        workerCount: { needless: 'the HTTP client limits its requests' },
        deploy: { needless: '`mapseal deploy` reports a deploy' },
      },
      variables: { HONEYBADGER_API_KEY: 'apiKey' },
    },
  },
]
