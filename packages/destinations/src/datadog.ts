import { type Artifact, type BuildRecord, type Destination, MapsealError, version } from '@mapseal/core'
import { gzippedForm } from './vendor/gzipped-form.ts'
import { readRepository } from './vendor/repository.ts'
import { checkOptions, lacking, origin, releaseOf, setting } from './vendor/settings.ts'
import { uploadEach } from './vendor/upload.ts'
import { type UrlsOption, urlsOf } from './vendor/urls.ts'

export interface DatadogOptions extends UrlsOption {
  /** @default `DATADOG_API_KEY`, else `DD_API_KEY` */
  apiKey?: string
  /** @default `DATADOG_SITE`, else `DD_SITE`, else `datadoghq.com` */
  site?: string
  /**
   * The `service` of the browser SDK. With it, maps are found by service, release and URL, and scripts carry no debug IDs for
   * Datadog, which refuses a mixture.
   * @default none: maps are found by debug ID
   */
  service?: string
  /**
   * The URL that takes source maps.
   * @default `DATADOG_SOURCEMAP_INTAKE_URL`, else `https://sourcemap-intake.<site>/api/v2/srcmap`
   */
  url?: string
}

const known = ['apiKey', 'site', 'service', 'url', 'urls'] satisfies (keyof DatadogOptions)[]

/** How scripts carry a debug ID for Datadog, as its tools look for it: in the snippet of ours, or of one of them. */
const marker = /"?ddDebugId"?:"[\da-fA-F-]{36}"/

/**
 * Delivers to Datadog, which finds a map by debug ID, or by service, version and URL.
 *
 * Wire format: https://docs.datadoghq.com/api/latest/rum/, and `@datadog/vite-plugin` 3.3.0.
 */
export function datadog(options: DatadogOptions = {}): Destination {
  checkOptions('datadog', options, known)
  const { service } = options
  const apiKey = setting('datadog', 'apiKey', options.apiKey, 'DATADOG_API_KEY', 'DD_API_KEY')
  const site = () => options.site ?? process.env.DATADOG_SITE ?? process.env.DD_SITE ?? 'datadoghq.com'
  const intake = () =>
    options.url ?? process.env.DATADOG_SOURCEMAP_INTAKE_URL ?? `https://sourcemap-intake.${site()}/api/v2/srcmap`
  const headers = () => ({ 'DD-API-KEY': apiKey.get(), 'DD-EVP-ORIGIN': 'mapseal', 'DD-EVP-ORIGIN-VERSION': version })
  const keyOf = ({ path, debugId, code }: Artifact, build: BuildRecord) => {
    if (service === undefined) return { debug_id: debugId }
    if (!marker.test(Buffer.from(code).toString('latin1'))) return { service, version: releaseOf('datadog', build) }
    const advice = 'Leave out `service`, or the plugin of Datadog that puts them there.'
    throw new MapsealError('datadog', `${path} has a debug ID for Datadog, which then takes no "service". ${advice}`)
  }

  return {
    name: 'datadog',
    identity: JSON.stringify([options.site, options.url, service]),
    lacks: lacking(apiKey),
    sendsGzip: true,
    ...(service === undefined && {
      registries: [{ global: 'DD_SOURCE_CODE_CONTEXT', entry: debugId => ({ ddDebugId: debugId }) }],
    }),

    ...(service !== undefined && {
      // A path stands for any host.
      matches: (path, build, context) =>
        urlsOf('datadog', path, options, build, context).map(url => url.replace(/^(?=\/)/, '*')),
    }),

    async deliver(build, artifacts, context) {
      const repository = await readRepository(build.release?.name, context.signal)
      const git = repository && { git_repository_url: repository.url, git_commit_sha: repository.commit }
      return uploadEach(build, artifacts, context, {
        part: 'datadog',
        limit: { bytes: 500 * 2 ** 20, of: 'map and script' },
        async send(artifact) {
          const { path } = artifact
          const key = keyOf(artifact, build)
          const urls = service === undefined ? [path] : urlsOf('datadog', path, options, build, context)
          const files = repository?.filesOf(artifact) ?? []
          const data = { data: [{ files, hash: repository?.commit, repository_url: repository?.url }], version: 1 }
          for (const minified_url of urls) {
            const event = {
              type: 'js_sourcemap',
              plugin_version: version,
              project_path: '',
              ...git,
              ...key,
              minified_url,
            }
            const form = await gzippedForm(artifact, (map, code) => [
              { name: 'event', filename: 'event', type: 'application/json', bytes: Buffer.from(JSON.stringify(event)) },
              { name: 'source_map', filename: 'source_map', type: 'application/json', bytes: map },
              { name: 'minified_file', filename: 'minified_file', type: 'application/javascript', bytes: code },
              ...(files.length > 0
                ? [
                    {
                      name: 'repository',
                      filename: 'repository',
                      type: 'application/json',
                      bytes: Buffer.from(JSON.stringify(data)),
                    },
                  ]
                : []),
            ])
            await context.fetch(intake(), {
              method: 'POST',
              headers: { ...headers(), ...form.headers, 'Content-Encoding': 'gzip' },
              body: form.body,
            })
          }
        },
      })
    },

    /** A deployment for DORA metrics. Times are in nanoseconds. */
    async deploy({ release, environment, started, finished }, { fetch }) {
      const end = finished ? Date.parse(finished) : Date.now()
      const nanoseconds = (ms: number) => ms * 1e6
      const attributes = {
        service: service ?? release,
        env: environment,
        version: release,
        started_at: nanoseconds(started ? Date.parse(started) : end),
        finished_at: nanoseconds(end),
      }
      await fetch(
        `${options.url ? origin(new URL(options.url).origin) : `https://api.${site()}`}/api/v2/dora/deployment`,
        {
          method: 'POST',
          headers: { ...headers(), 'Content-Type': 'application/json' },
          body: JSON.stringify({ data: { attributes } }),
        },
      )
    },
  }
}
