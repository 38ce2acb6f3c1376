/** An error tracker, as a project shows it. */
export interface Vendor {
  name: string
  /** Packages that are its SDK. */
  sdk: RegExp
  /** Packages that are its plugin for bundlers. */
  plugin: RegExp
  /** The destination that replaces the plugin. Absent where there is none: the plugin then stays. */
  destination?: VendorDestination
}

export interface VendorDestination {
  name: string
  /** Options of the plugin that are options of the destination, by the same names. */
  options: string[]
  /** Variables that are needed where the options are not given, each with the option that makes it superfluous. */
  variables: Record<string, string>
}

export const vendors: readonly Vendor[] = [
  {
    name: 'Sentry',
    sdk: /^@sentry\/(?!cli$|.*plugin)/,
    plugin: /^@sentry\/(?:vite|webpack|rollup|esbuild)-plugin$|^@sentry\/bundler-plugins(?:\/|$)/,
    destination: {
      name: 'sentry',
      options: ['org', 'project', 'authToken', 'url', 'moduleMetadata', 'applicationKey'],
      variables: { SENTRY_AUTH_TOKEN: 'authToken', SENTRY_ORG: 'org', SENTRY_PROJECT: 'project' },
    },
  },
  { name: 'PostHog', sdk: /^posthog-/, plugin: /^@posthog\/(?:rollup|webpack|esbuild)-plugin$/ },
  { name: 'Datadog', sdk: /^@datadog\/browser-/, plugin: /^@datadog\/(?:vite|webpack|rspack|rollup|esbuild)-plugin$/ },
  { name: 'BugSnag', sdk: /^@bugsnag\//, plugin: /^(?:webpack-bugsnag-plugins|vite-plugin-bugsnag)$/ },
  { name: 'Rollbar', sdk: /^rollbar$/, plugin: /^(?:rollbar-sourcemap-webpack-plugin|vite-plugin-rollbar)/ },
  {
    name: 'Honeybadger',
    sdk: /^@honeybadger-io\/(?:js|react|vue)$/,
    plugin: /^@honeybadger-io\/(?:webpack|rollup-plugin|esbuild-plugin)$/,
  },
]
