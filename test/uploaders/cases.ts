import { EventEmitter, once } from 'node:events'
import type { Destination } from '@mapseal/core'
import { appsignal } from '@mapseal/destinations/appsignal'
import { bugsnag } from '@mapseal/destinations/bugsnag'
import { datadog } from '@mapseal/destinations/datadog'
import { elastic } from '@mapseal/destinations/elastic'
import { faro } from '@mapseal/destinations/faro'
import { flare } from '@mapseal/destinations/flare'
import { honeybadger } from '@mapseal/destinations/honeybadger'
import { hyperdx } from '@mapseal/destinations/hyperdx'
import { logrocket } from '@mapseal/destinations/logrocket'
import { newrelic } from '@mapseal/destinations/newrelic'
import { openreplay } from '@mapseal/destinations/openreplay'
import { rollbar } from '@mapseal/destinations/rollbar'
import type { Answer } from '../../packages/destinations/src/contract/index.ts'
import { runNode } from '../support/command.ts'
import { buildWithRollup, buildWithVite, buildWithWebpack, load, type Project, packageFile } from './project.ts'

/** An uploader of a vendor, or for one, and the destination that does its work. */
export interface UploaderCase {
  destination: string
  /** The package on the npm registry. */
  uploader: string
  /** What the requests differ in, each with the reason. */
  differences: Record<string, string>
  answer?: Answer
  /** Builds the project, with the plugin or before the command, and uploads. */
  upload(origin: string, project: Project): Promise<unknown>
  create(origin: string): Destination
}

const release = '1.4.0'
const urls = 'https://shop.example/static'
const ourName = 'a name that says which program sends'
const ourType = 'the type of the part is given, or is the one that the content has; servers read neither'
const fileName = 'servers read the bytes; ours is the name of the file without its folder'

type Factory = (options: unknown) => unknown

async function pluginOf(name: string, key = 'default'): Promise<Factory> {
  const loaded = (await load(name)) as Record<string, unknown> & { default?: Record<string, unknown> }
  const found = loaded[key] ?? loaded.default?.[key]
  // What TypeScript compiles to CommonJS has its default export one level deeper.
  return (typeof found === 'function' ? found : (found as { default: unknown }).default) as Factory
}

type Constructor = new (options: unknown) => unknown

export const cases: UploaderCase[] = [
  {
    destination: 'bugsnag',
    uploader: '@bugsnag/source-maps',
    differences: {
      'part sourceMap':
        'it rewrites the map as JSON, to add sources that are missing; ours sends the bytes of the build',
      'part minifiedFile: file name': fileName,
      'part sourceMap: file name': fileName,
      'part minifiedFile: type': ourType,
      'part sourceMap: type': ourType,
    },
    async upload(origin, project) {
      await buildWithRollup(project)
      const { browser } = (await load('@bugsnag/source-maps')) as {
        browser: { uploadOne(options: unknown): Promise<void> }
      }
      for (const name of ['main.js', 'lazy.js']) {
        await browser.uploadOne({
          apiKey: 'k',
          appVersion: release,
          bundleUrl: `${urls}/${name}`,
          bundle: `${project.dist}/${name}`,
          sourceMap: `${project.dist}/${name}.map`,
          projectRoot: project.dir,
          endpoint: `${origin}/sourcemap`,
        })
      }
    },
    create: url => bugsnag({ apiKey: 'k', url, urls }),
  },
  {
    destination: 'datadog',
    uploader: '@datadog/vite-plugin',
    differences: {
      'event.plugin_version': ourName,
      'event.project_path': 'the folder of the build on this machine, which ours does not give away',
      'header dd-evp-origin': ourName,
      'header dd-evp-origin-version': ourName,
      'header x-datadog-origin': ourName,
      'part minified_file: type': ourType,
      'part source_map: type': ourType,
    },
    async upload(origin, project) {
      process.env.DATADOG_SOURCEMAP_INTAKE_URL = `${origin}/api/v2/srcmap`
      const plugin = await pluginOf('@datadog/vite-plugin', 'datadogVitePlugin')
      const sourcemaps = { service: 'shop', releaseVersion: release, minifiedPathPrefix: urls, bailOnError: true }
      // It sends the repository only where git is faster than the build.
      const whenRead = new EventEmitter()
      const isRead = once(whenRead, 'git')
      const customPlugins = () => [{ name: 'patient', git: () => whenRead.emit('git'), buildEnd: () => isRead }]
      const options = { auth: { apiKey: 'k' }, logLevel: 'none', metrics: { enable: false }, customPlugins }
      try {
        await buildWithVite(project, [plugin({ ...options, errorTracking: { sourcemaps } })])
      } finally {
        delete process.env.DATADOG_SOURCEMAP_INTAKE_URL
      }
    },
    create: origin => datadog({ apiKey: 'k', service: 'shop', urls, url: `${origin}/api/v2/srcmap` }),
  },
  {
    destination: 'datadog',
    uploader: '@datadog/webpack-plugin',
    differences: {
      'event.plugin_version': ourName,
      'event.project_path': 'the folder of the build on this machine, which ours does not give away',
      'header dd-evp-origin': ourName,
      'header dd-evp-origin-version': ourName,
      'header x-datadog-origin': ourName,
      'part minified_file: type': ourType,
      'part source_map: type': ourType,
    },
    async upload(origin, project) {
      process.env.DATADOG_SOURCEMAP_INTAKE_URL = `${origin}/api/v2/srcmap`
      const plugin = await pluginOf('@datadog/webpack-plugin', 'datadogWebpackPlugin')
      const sourcemaps = { service: 'shop', releaseVersion: release, minifiedPathPrefix: urls, bailOnError: true }
      const options = { auth: { apiKey: 'k' }, logLevel: 'none', metrics: { enable: false } }
      try {
        await buildWithWebpack(project, [plugin({ ...options, errorTracking: { sourcemaps } })])
      } finally {
        delete process.env.DATADOG_SOURCEMAP_INTAKE_URL
      }
    },
    create: origin => datadog({ apiKey: 'k', service: 'shop', urls, url: `${origin}/api/v2/srcmap` }),
  },
  {
    destination: 'datadog',
    uploader: '@datadog/datadog-ci',
    differences: {
      'event.cli_version': ourName,
      'event.plugin_version': ourName,
      'event.project_path': 'the folder of the build on this machine, which ours does not give away',
      'header dd-evp-origin': ourName,
      'header dd-evp-origin-version': ourName,
    },
    async upload(origin, project) {
      await buildWithRollup(project)
      const args = ['sourcemaps', 'upload', project.dist, '--service', 'shop', '--release-version', release]
      await runNode([packageFile('@datadog/datadog-ci', 'dist/bundle.js'), ...args, '--minified-path-prefix', urls], {
        cwd: project.dir,
        env: { DATADOG_API_KEY: 'k', DATADOG_SOURCEMAP_INTAKE_URL: origin },
      })
    },
    create: origin => datadog({ apiKey: 'k', service: 'shop', urls, url: `${origin}/api/v2/srcmap` }),
  },
  {
    destination: 'rollbar',
    uploader: 'vite-plugin-rollbar',
    differences: { 'part source_map: file name': fileName, 'part source_map: type': ourType },
    async upload(origin, project) {
      const { default: plugin } = (await import(packageFile('vite-plugin-rollbar', 'esm/index.js'))) as {
        default: Factory
      }
      const options = { accessToken: 'k', version: release, baseUrl: urls, outputDir: project.dist, silent: true }
      const more = { rollbarEndpoint: `${origin}/api/1/sourcemap`, ignoreUploadErrors: false }
      await buildWithVite(project, [plugin({ ...options, ...more })])
    },
    create: url => rollbar({ accessToken: 'k', url, urls }),
  },
  {
    destination: 'rollbar',
    uploader: 'rollbar-sourcemap-webpack-plugin',
    differences: {},
    async upload(origin, project) {
      const Plugin = (await pluginOf('rollbar-sourcemap-webpack-plugin')) as unknown as Constructor
      const options = { accessToken: 'k', version: release, publicPath: urls, silent: true }
      const plugin = new Plugin({ ...options, rollbarEndpoint: `${origin}/api/1/sourcemap` })
      await buildWithWebpack(project, [plugin])
    },
    create: url => rollbar({ accessToken: 'k', url, urls }),
  },
  {
    destination: 'honeybadger',
    uploader: '@honeybadger-io/rollup-plugin',
    differences: {},
    async upload(origin, project) {
      const plugin = await pluginOf('@honeybadger-io/rollup-plugin')
      const options = { apiKey: 'k', assetsUrl: urls, revision: release, silent: true }
      await buildWithRollup(project, [plugin({ ...options, endpoint: `${origin}/v1/source_maps` })])
    },
    create: url => honeybadger({ apiKey: 'k', url, urls }),
  },
  {
    destination: 'faro',
    uploader: '@grafana/faro-rollup-plugin',
    differences: {
      'body.file': 'ours is the path that the script is loaded by; its is that of the file, or of an option',
    },
    async upload(origin, project) {
      const plugin = await pluginOf('@grafana/faro-rollup-plugin')
      const options = {
        appName: 'shop',
        appId: '7',
        stackId: '8',
        apiKey: 'k3y',
        bundleId: release,
        gzipContents: false,
      }
      await buildWithRollup(project, [plugin({ ...options, endpoint: `${origin}/faro/api/v1`, keepSourcemaps: true })])
    },
    create: origin =>
      faro({
        appName: 'shop',
        appId: '7',
        stackId: '8',
        apiKey: 'k3y',
        url: `${origin}/faro/api/v1`,
        prefix: 'static',
      }),
  },
  {
    destination: 'newrelic',
    uploader: '@newrelic/publish-sourcemap',
    differences: {},
    async upload(origin, project) {
      await buildWithRollup(project)
      const { publishSourcemap } = (await load('@newrelic/publish-sourcemap')) as {
        publishSourcemap(options: unknown, done: (error: unknown) => void): void
      }
      for (const name of ['main.js', 'lazy.js']) {
        const file = { sourcemapPath: `${project.dist}/${name}.map`, javascriptUrl: `${urls}/${name}` }
        const options = { applicationId: '7', apiKey: 'k3y', releaseName: 'shop', releaseId: release }
        await new Promise<void>((resolve, reject) => {
          publishSourcemap({ ...file, ...options, sourcemapUploadHost: origin }, error =>
            error ? reject(error) : resolve(),
          )
        })
      }
    },
    create: url => newrelic({ apiKey: 'k3y', applicationId: '7', releaseName: 'shop', url, urls }),
  },
  {
    destination: 'appsignal',
    uploader: '@appsignal/webpack',
    differences: {
      'part file: file name': 'it has none, so that a server may take the file for a field',
      'part file: type': ourType,
    },
    async upload(origin, project) {
      const Plugin = (await pluginOf('@appsignal/webpack', 'AppsignalPlugin')) as unknown as Constructor
      const options = { apiKey: 'k', appName: 'shop', environment: 'production', release, urlRoot: urls }
      await buildWithWebpack(project, [new Plugin({ ...options, endpoint: `${origin}/api` })])
    },
    create: url => appsignal({ pushApiKey: 'k', appName: 'shop', environment: 'production', url, urls }),
  },
  {
    destination: 'elastic',
    uploader: 'elastic-apm-sourcemap-webpack-plugin',
    differences: {
      'header authorization':
        'it has the token of an APM server, and ours the API key of Kibana, which took over source maps',
      'header elastic-api-version': 'Kibana asks for it',
      'header kbn-xsrf': 'Kibana asks for it',
    },
    async upload(origin, project) {
      const Plugin = (await pluginOf('elastic-apm-sourcemap-webpack-plugin')) as unknown as Constructor
      const options = { serviceName: 'shop', serviceVersion: release, publicPath: urls, secret: 'k3y' }
      await buildWithWebpack(project, [new Plugin({ ...options, serverURL: `${origin}/api/apm/sourcemaps` })])
    },
    create: url => elastic({ apiKey: 'k3y', serviceName: 'shop', url, urls }),
  },
  {
    destination: 'openreplay',
    uploader: '@openreplay/sourcemap-uploader',
    differences: {
      body: 'it sends the map as JSON in a string of JSON, which the server happens to read too',
      'ours alone: PUT /pr0ject/sourcemaps/ lazy.js':
        'it asks for the places of all files at once, and ours as each is sent',
      'ours alone: PUT /pr0ject/sourcemaps/ main.js': 'the same',
      'theirs alone: PUT /pr0ject/sourcemaps/ lazy.js main.js': 'the same',
    },
    answer: ({ path, body }, origin) =>
      path.startsWith('/storage/')
        ? {}
        : { data: (JSON.parse(`${body}`).URL as string[]).map(url => `${origin}/storage/${url.split('/').at(-1)}`) },
    async upload(origin, project) {
      await buildWithRollup(project)
      // It only speaks https:, and drops the port.
      const code = `
        const https = require('node:https'), http = require('node:http')
        const { port } = new URL('${origin}')
        https.request = (target, options, done) => {
          const isUrl = typeof target === 'string'
          const { method, headers } = isUrl ? options : target
          const path = isUrl ? new URL(target).pathname : target.path
          return http.request({ host: '127.0.0.1', port, path, method, headers }, isUrl ? done : options)
        }
        const { uploadDir } = require('${packageFile('@openreplay/sourcemap-uploader', 'index.js')}')
        uploadDir('k3y', 'pr0ject', '${project.dist}', '${urls}', 'https://openreplay.example').then(() => process.exit(), cause => { throw new Error(cause) })`
      const { code: exit, stderr } = await runNode(['--input-type=commonjs', '--eval', code], { cwd: project.dir })
      if (exit !== 0) throw new Error(stderr)
    },
    create: url => openreplay({ apiKey: 'k3y', projectKey: 'pr0ject', url, urls }),
  },
  {
    destination: 'flare',
    uploader: '@flareapp/vite',
    differences: {},
    async upload(origin, project) {
      const plugin = await pluginOf('@flareapp/vite')
      const options = { key: 'k3y', base: '/static/', version: release, apiEndpoint: `${origin}/api/sourcemaps` }
      await buildWithVite(project, [plugin(options)])
    },
    create: origin => flare({ key: 'k3y', base: '/static', url: `${origin}/api/sourcemaps` }),
  },
  {
    destination: 'logrocket',
    uploader: 'logrocket-cli',
    differences: {
      body: 'scripts of ours link to their maps, which LogRocket asks for',
      'header x-logrocket-cli-version': ourName,
      'theirs alone: GET /cli/status/': 'it asks whether it is too old',
    },
    answer: ({ path, body }, origin) =>
      path.endsWith('/artifacts/')
        ? { signed_url: `${origin}/storage/${encodeURIComponent(JSON.parse(`${body}`).filepath)}` }
        : { message: 'fine' },
    async upload(origin, project) {
      await buildWithRollup(project)
      const bin = packageFile('logrocket-cli', 'bin/logrocket')
      const common = ['--apikey', 'org:app:s3cret', '--apihost', origin]
      for (const args of [
        ['release', release],
        ['upload', 'dist', '--release', release],
      ]) {
        const { code, stdout, stderr } = await runNode([bin, ...args, ...common], { cwd: project.dir })
        if (code !== 0) throw new Error(stdout + stderr)
      }
    },
    create: url => logrocket({ apiKey: 'org:app:s3cret', url }),
  },
  {
    destination: 'hyperdx',
    uploader: '@hyperdx/cli',
    differences: {
      body: 'scripts of ours link to their maps',
      'ours alone: POST /api/v1/sourcemaps/upload-presigned-urls lazy.js lazy.js.map':
        'it asks for the places of all files at once, and ours as each is sent',
      'ours alone: POST /api/v1/sourcemaps/upload-presigned-urls main.js main.js.map': 'the same',
      'theirs alone: POST /api/v1/sourcemaps/upload-presigned-urls lazy.js lazy.js.map main.js main.js.map': 'the same',
      'theirs alone: GET /api/v1': 'it asks whether the key is right; ours learns that from the next answer',
    },
    answer({ path, body }, origin) {
      if (path === '/api/v1') return { user: { team: 'acme' } }
      if (!path.endsWith('/upload-presigned-urls')) return {}
      const { keys } = JSON.parse(`${body}`) as { keys: { fullName: string }[] }
      return { data: keys.map(({ fullName }) => `${origin}/storage/${fullName}`) }
    },
    async upload(origin, project) {
      await buildWithRollup(project)
      const bin = packageFile('@hyperdx/cli', 'dist/cli.js')
      const args = ['upload-sourcemaps', '-k', 'k3y', '-u', origin, '-rid', release, '-p', 'dist', '-bp', '/static']
      const { code, stdout, stderr } = await runNode([bin, ...args], { cwd: project.dir })
      if (code !== 0) throw new Error(stdout + stderr)
    },
    create: url => hyperdx({ serviceKey: 'k3y', basePath: '/static', url }),
  },
]
