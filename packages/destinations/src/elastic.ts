import { posix } from 'node:path'
import type { Destination } from '@mapseal/core'
import { multipart } from './vendor/multipart.ts'
import { checkOptions, lacking, origin, releaseOf, setting } from './vendor/settings.ts'
import { uploadEach } from './vendor/upload.ts'
import { type UrlsOption, urlsOf } from './vendor/urls.ts'

export interface ElasticOptions extends UrlsOption {
  /** Kibana's address, with `/s/<space>` for another space than the default one. @default `KIBANA_URL` */
  url?: string
  /** Base64, as Kibana shows it. @default `ELASTIC_API_KEY` */
  apiKey?: string
  /** The `serviceName` of the RUM agent; `serviceVersion` is the release. @default `ELASTIC_APM_SERVICE_NAME` */
  serviceName?: string
}

const known = ['url', 'apiKey', 'serviceName', 'urls'] satisfies (keyof ElasticOptions)[]

/** What Kibana takes by default, in bytes: `server.maxPayload`. */
const usualLimit = 2 ** 20

/**
 * Delivers to Elastic APM by Kibana, which finds a map by service, version (the release) and the path or URL of the script.
 *
 * Wire format: https://www.elastic.co/docs/api/doc/kibana/operation/operation-uploadsourcemap.
 */
export function elastic(options: ElasticOptions = {}): Destination {
  checkOptions('elastic', options, known)
  const kibana = setting('elastic', 'url', options.url, 'KIBANA_URL')
  const apiKey = setting('elastic', 'apiKey', options.apiKey, 'ELASTIC_API_KEY')
  const serviceName = setting('elastic', 'serviceName', options.serviceName, 'ELASTIC_APM_SERVICE_NAME')

  return {
    name: 'elastic',
    identity: JSON.stringify([options.url, options.serviceName]),
    lacks: lacking(kibana, apiKey, serviceName),
    matches: (path, build, context) => urlsOf('elastic', path, options, build, context),

    async deliver(build, artifacts, context) {
      const version = releaseOf('elastic', build)
      const large = build.files.filter(({ map }) => map && map.size > usualLimit)
      if (large[0]) {
        context.logger.warn(
          `[mapseal] [elastic] ${large.length} source maps, such as that of ${large[0].path}, are larger than the 1 MB that Kibana takes by default. If it answers 413, raise server.maxPayload.`,
        )
      }
      return uploadEach(build, artifacts, context, {
        part: 'elastic',
        async send({ path, map }) {
          for (const url of urlsOf('elastic', path, options, build, context)) {
            const { headers, body } = multipart([
              { name: 'service_name', value: serviceName.get() },
              { name: 'service_version', value: version },
              { name: 'bundle_filepath', value: url },
              { name: 'sourcemap', filename: `${posix.basename(path)}.map`, type: 'application/json', bytes: map },
            ])
            await context.fetch(`${origin(kibana.get())}/api/apm/sourcemaps`, {
              method: 'POST',
              headers: {
                Authorization: `ApiKey ${apiKey.get()}`,
                'kbn-xsrf': 'true',
                'elastic-api-version': '2023-10-31',
                ...headers,
              },
              body,
            })
          }
        },
      })
    },
  }
}
