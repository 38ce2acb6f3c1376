import type { Destination } from '@mapseal/core'
import { checkOptions, lacking, setting } from './vendor/settings.ts'
import { uploadEach } from './vendor/upload.ts'

export interface AzureOptions {
  /**
   * The container with a shared access signature that may create and write:
   * `https://<account>.blob.core.windows.net/<container>?<signature>`.
   * @default `AZURE_SOURCEMAPS_SAS_URL`
   */
  url?: string
  /** What stands before each path in the path of its URL. @default none */
  prefix?: string
}

const known = ['url', 'prefix'] satisfies (keyof AzureOptions)[]

/**
 * Puts maps into the blob container of Application Insights, which looks for `<path of the script>.map`, whatever the host.
 *
 * Wire format: https://learn.microsoft.com/azure/azure-monitor/app/source-map-support and the "Put Blob" operation. Experimental:
 * there is no other uploader to compare with.
 */
export function azure(options: AzureOptions = {}): Destination {
  checkOptions('azure', options, known)
  const container = setting('azure', 'url', options.url, 'AZURE_SOURCEMAPS_SAS_URL')
  const prefix = options.prefix?.replace(/^\/+|\/+$/g, '')

  return {
    name: 'azure',
    lacks: lacking(container),
    matches: path => [`*/${prefix ? `${prefix}/` : ''}${path}`],

    async deliver(build, artifacts, context) {
      const { origin, pathname, search } = new URL(container.get())
      const folder = `${origin}${pathname.replace(/\/+$/, '')}/${prefix ? `${prefix}/` : ''}`
      const secrets = [...new URLSearchParams(search).values()].filter(value => value.length > 20)
      return uploadEach(build, artifacts, context, {
        part: 'azure',
        async send({ path, map }) {
          const address = `${folder}${path.split('/').map(encodeURIComponent).join('/')}.map${search}`
          await context.fetch(address, {
            method: 'PUT',
            headers: {
              'x-ms-blob-type': 'BlockBlob',
              'x-ms-version': '2023-11-03',
              'Content-Type': 'application/json',
            },
            body: map,
            secrets,
          })
        },
      })
    },
  }
}
