import { posix } from 'node:path'
import { type Destination, HttpError } from '@mapseal/core'
import { checkOptions, lacking, setting } from './vendor/settings.ts'
import { tarball } from './vendor/tar.ts'
import { uploadEach } from './vendor/upload.ts'

export interface BacktraceOptions {
  /**
   * Where source maps are posted, with the token: `https://submit.backtrace.io/<universe>/<token>/sourcemap`.
   * @default `BACKTRACE_SOURCEMAP_URL`
   */
  url?: string
}

const known = ['url'] satisfies (keyof BacktraceOptions)[]

/**
 * Delivers to Backtrace, which finds a map by debug ID.
 *
 * Wire format: https://github.com/backtrace-labs/backtrace-javascript, `tools/sourcemap-tools`.
 */
export function backtrace(options: BacktraceOptions = {}): Destination {
  checkOptions('backtrace', options, known)
  const url = setting('backtrace', 'url', options.url, 'BACKTRACE_SOURCEMAP_URL')

  return {
    name: 'backtrace',
    registries: [{ global: '_btDebugIds' }],
    lacks: lacking(url),

    async deliver(build, artifacts, context) {
      const address = url.get()
      return uploadEach(build, artifacts, context, {
        part: 'backtrace',
        async send({ path, debugId, map }) {
          // The ID is what counts; tar's names are ASCII and short.
          const name = posix.basename(path).replace(/[^\w.-]/g, '_')
          const body = await tarball(`${debugId}-${name.slice(-50)}.map`, map)
          const sample = { response: 'ok' }
          const secrets = secretsIn(address)
          const response = await context.fetch(address, { method: 'POST', body, secrets, sample })
          const { response: outcome } = response.json() as { response?: string }
          if (outcome !== 'ok') {
            throw new HttpError(`It answered "${String(outcome).slice(0, 100)}" instead of "ok". Check its URL.`, {
              part: 'backtrace',
            })
          }
        },
      })
    },
  }
}

/** The token, which is part of the path. */
function secretsIn(address: string): string[] {
  return new URL(address).pathname
    .split('/')
    .slice(2, -1)
    .flatMap(part => [part, decodeURIComponent(part)])
}
