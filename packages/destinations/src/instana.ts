import { posix } from 'node:path'
import type { Destination } from '@mapseal/core'
import { multipart } from './vendor/multipart.ts'
import { checkOptions, lacking, origin, setting } from './vendor/settings.ts'
import { tarball } from './vendor/tar.ts'
import { uploadEach } from './vendor/upload.ts'
import { type UrlsOption, urlsOf } from './vendor/urls.ts'

export interface InstanaOptions extends UrlsOption {
  /** Such as `https://unit-tenant.instana.io`. @default `INSTANA_URL` */
  url?: string
  /** @default `INSTANA_API_TOKEN` */
  apiToken?: string
  /** The ID of the website. */
  websiteId?: string
  /** The ID of the website's source map configuration. */
  configId?: string
}

const known = ['url', 'apiToken', 'websiteId', 'configId', 'urls'] satisfies (keyof InstanaOptions)[]

/** A larger map has to be an archive, in bytes. */
const largestPlain = 10 * 2 ** 20

/**
 * Delivers to IBM Instana, which finds a map by URL.
 *
 * Wire format: https://www.ibm.com/docs/en/instana-observability, "Source map uploads".
 */
export function instana(options: InstanaOptions = {}): Destination {
  checkOptions('instana', options, known)
  const unit = setting('instana', 'url', options.url, 'INSTANA_URL')
  const token = setting('instana', 'apiToken', options.apiToken, 'INSTANA_API_TOKEN')
  const websiteId = setting('instana', 'websiteId', options.websiteId, 'INSTANA_WEBSITE_ID')
  const configId = setting('instana', 'configId', options.configId, 'INSTANA_SOURCEMAP_CONFIG_ID')

  return {
    name: 'instana',
    identity: JSON.stringify([options.url, options.websiteId, options.configId]),
    lacks: lacking(unit, token, websiteId, configId),
    matches: (path, build, context) => urlsOf('instana', path, options, build, context),

    async deliver(build, artifacts, context) {
      const website = `${origin(unit.get())}/api/website-monitoring/config/${websiteId.get()}`
      return uploadEach(build, artifacts, context, {
        part: 'instana',
        async send({ path, map }) {
          const name = posix
            .basename(path)
            .replace(/[^\w.-]/g, '_')
            .slice(-90)
          const isPlain = map.length <= largestPlain
          const bytes = isPlain ? map : await tarball(`${name}.map`, map)
          for (const url of urlsOf('instana', path, options, build, context)) {
            const { headers, body } = multipart([
              ...(isPlain ? [] : [{ name: 'fileFormat', value: 'tgz' }]),
              { name: 'url', value: url },
              { name: 'sourceMap', filename: isPlain ? `${name}.map` : `${name}.tgz`, bytes },
            ])
            await context.fetch(`${website}/sourcemap-upload/${configId.get()}/form`, {
              method: 'PUT',
              headers: { Authorization: `apiToken ${token.get()}`, ...headers },
              body,
            })
          }
        },
      })
    },
  }
}
