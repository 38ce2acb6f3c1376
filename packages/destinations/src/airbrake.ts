import { posix } from 'node:path'
import type { Destination } from '@mapseal/core'
import { multipart } from './vendor/multipart.ts'
import { checkOptions, lacking, origin, setting } from './vendor/settings.ts'
import { uploadEach } from './vendor/upload.ts'

export interface AirbrakeOptions {
  /** @default `AIRBRAKE_PROJECT_ID` */
  projectId?: string
  /** @default `AIRBRAKE_PROJECT_KEY` */
  projectKey?: string
  /** @default `https://api.airbrake.io` */
  url?: string
}

const known = ['projectId', 'projectKey', 'url'] satisfies (keyof AirbrakeOptions)[]

/**
 * Delivers to Airbrake, which finds a map by the end of the URL, whatever the release.
 *
 * Wire format: https://docs.airbrake.io/docs/features/private-sourcemaps/ and https://docs.airbrake.io/docs/devops-tools/api/.
 */
export function airbrake(options: AirbrakeOptions = {}): Destination {
  checkOptions('airbrake', options, known)
  const projectId = setting('airbrake', 'projectId', options.projectId, 'AIRBRAKE_PROJECT_ID')
  const projectKey = setting('airbrake', 'projectKey', options.projectKey, 'AIRBRAKE_PROJECT_KEY')
  const project = () => `${origin(options.url ?? 'https://api.airbrake.io')}/api/v4/projects/${projectId.get()}`

  return {
    name: 'airbrake',
    identity: JSON.stringify([options.url, options.projectId]),
    lacks: lacking(projectId, projectKey),
    matches: path => [`*/${path}`],

    async deliver(build, artifacts, context) {
      return uploadEach(build, artifacts, context, {
        part: 'airbrake',
        async send({ path, map }) {
          const { headers, body } = multipart([
            { name: 'name', value: `/${path}.map` },
            // SQL's LIKE.
            { name: 'pattern', value: `%/${path}` },
            { name: 'file', filename: `${posix.basename(path)}.map`, type: 'application/json', bytes: map },
          ])
          await context.fetch(`${project()}/sourcemaps`, {
            method: 'POST',
            headers: { Authorization: `Bearer ${projectKey.get()}`, ...headers },
            body,
          })
        },
      })
    },

    async deploy({ release, environment }, { fetch }) {
      await fetch(`${project()}/deploys?key=${encodeURIComponent(projectKey.get())}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ environment, revision: release, version: release }),
      })
    },
  }
}
