import { expect, test } from 'vitest'
import type { Destination } from '../src/deliver/destination.ts'
import { resolveOptions } from '../src/options.ts'

const destination = (name: string): Destination => ({ name, deliver: async () => ({ artifacts: 0 }) })

test('everything has a default', () => {
  expect(resolveOptions({}, {})).toMatchObject({
    enabled: true,
    release: { name: undefined, dist: undefined },
    destinations: [],
    deliver: 'now',
    output: 'sealed',
    include: undefined,
    exclude: [],
    onError: 'warn',
    vault: undefined,
    retain: 20,
  })
})

test.each([
  [{ CI: 'true' }, 'fail'],
  [{ CI: '1' }, 'fail'],
  [{ CI: 'false' }, 'warn'],
  [{ CI: '' }, 'warn'],
  [{ GITHUB_ACTIONS: 'true', GITHUB_SHA: 'c0ffee' }, 'fail'],
  [{ GITLAB_CI: 'true', CI_COMMIT_SHA: 'c0ffee' }, 'fail'],
  [{ TF_BUILD: 'True', BUILD_SOURCEVERSION: 'c0ffee' }, 'fail'],
  [{ JENKINS_URL: 'https://ci.example/', BUILD_ID: '7' }, 'fail'],
  [{ TEAMCITY_VERSION: '2025.07' }, 'fail'],
  [{ CODEBUILD_BUILD_ARN: 'arn:aws:codebuild:eu-west-1:1:build/shop:1' }, 'fail'],
  [{ TEAMCITY_VERSION: '2025.07', CI: 'false' }, 'warn'],
  [{}, 'warn'],
])('with %j an error means "%s"', (env, onError) => {
  expect(resolveOptions({}, env).onError).toBe(onError)
})

test('the option wins over the environment, and blank values count as unset', () => {
  expect(resolveOptions({ vault: 'a' }, { MAPSEAL_VAULT: 'b' }).vault).toBe('a')
  expect(resolveOptions({ vault: ' ' }, { MAPSEAL_VAULT: 'b' }).vault).toBe('b')
  expect(resolveOptions({}, { MAPSEAL_VAULT: '' }).vault).toBeUndefined()
  expect(resolveOptions({ onError: 'warn' }, { CI: 'true' }).onError).toBe('warn')
})

test.each([
  [{ destination: [] }, /no option "destination"\. Did you mean "destinations"\?/],
  [{ onerror: 'fail' }, /no option "onerror"\. Did you mean "onError"\?/],
  [{ telemetry: false }, /"telemetry" is not needed: Mapseal sends none\.$/],
  [{ quux: 1, destination: [] }, /no option "quux"\. There is no option "destination"\. Did you mean/],
  [{ release: { nam: '1' } }, /no field "nam"\. Did you mean "name"\?/],
  [{ release: 5 }, /A text was expected, not number/],
  [{ enabled: 'yes' }, /"enabled" takes true or false/],
  [{ output: 'delete' }, /"output" takes "sealed", "configured" or "keep"/],
  [{ onError: 'ignore' }, /"onError" takes "fail", "warn" or a function/],
  [{ deliver: 'never' }, /"deliver" takes "now" or "later"/],
  [{ retain: 0 }, /"retain" takes a whole number from 1/],
  [{ destinations: ['sentry'] }, /"destinations" takes an array of destinations/],
  [{ destinations: {} }, /"destinations" takes an array/],
  [{ destinations: [destination('a'), destination('a')] }, /Two destinations are named "a"/],
  [{ include: [] }, /"include" takes at least one glob/],
  [{ include: 5 }, /"include" takes a glob or several of them/],
  [{ exclude: ['a.js', ' '] }, /"exclude" takes a glob or several of them/],
  [{ include: '!vendor/**' }, /"include" has "!vendor\/\*\*"\. Write what is left out in "exclude"/],
  [{ exclude: '/srv/dist/*.js' }, /Globs are relative to the output folder/],
  [{ exclude: './../*.js' }, /Globs are relative to the output folder/],
  [{ exclude: 'C:\\dist\\*.js' }, /Globs are relative to the output folder/],
  [null, /An object was expected/],
])('refuses %j and says what to do', (options, message) => {
  expect(() => resolveOptions(options as never, {})).toThrow(message)
})

test('what was meant for a plugin of Sentry is answered with its place, all at once', () => {
  const message = (options: object) => {
    try {
      return resolveOptions(options, {}) && undefined
    } catch (cause) {
      return (cause as Error).message
    }
  }
  expect(message({ org: 'acme' })).toBe(
    '[mapseal] [options] "org" is an option of sentry(): destinations: [sentry({ org })].',
  )
  const pasted = {
    org: 'acme',
    project: 'shop',
    authToken: 'x',
    telemetry: false,
    sourcemaps: { assets: ['dist/**'], filesToDeleteAfterUpload: ['**/*.map'] },
    release: { name: '1', create: true, setCommits: { auto: true }, finalize: true },
    bundleSizeOptimizations: {},
    relaese: '1',
  }
  expect(message(pasted)?.split(/(?<=[.?]) (?=["A-Z])/)).toEqual([
    '[mapseal] [options] "org", "project" and "authToken" are options of sentry(): destinations: [sentry({ org, project, authToken })].',
    '"telemetry" is not needed: Mapseal sends none.',
    '"sourcemaps.assets" is "include", with globs relative to the output folder.',
    '"sourcemaps.filesToDeleteAfterUpload" is not needed: source maps never get into the output.',
    '"bundleSizeOptimizations" is an option of @mapseal/sentry-compat, which takes the whole config of Sentry\'s plugin.',
    'There is no option "relaese".',
    'Did you mean "release"?',
    '"create", "setCommits" and "finalize" are fields of sentry({ release: { create, setCommits, finalize } }), not of "release" here.',
  ])
})

test.each([
  [
    { personalApiKey: 'x', projectId: '1', sourcemaps: { enabled: true } },
    /"personalApiKey" and "projectId" are options of the plugin for PostHog\. .* "sourcemaps" is not needed/,
  ],
  [{ apiKey: 'x', assetsUrl: 'https://x' }, /"apiKey" and "assetsUrl" are options of the plugin for Honeybadger\./],
  [
    { accessToken: 'x', version: '1', publicPath: '/' },
    /"accessToken", "version" and "publicPath" are options of the plugin for Rollbar\./,
  ],
  [
    { errorTracking: {} },
    /"errorTracking" is an option of the plugin for Datadog\. Its place is taken by "mapseal\/destinations\/datadog"/,
  ],
])('options of another vendor: %j', (options, message) => {
  expect(() => resolveOptions(options as object, {})).toThrow(message)
})
