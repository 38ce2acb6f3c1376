import type { DeliveryContext, ReleaseKeeping } from '@mapseal/core'
import { callSentry, projectsOf, type SentryConfig } from '../api.ts'
import type { Surroundings } from '../config/config.ts'
import { listFiles } from '../upload/files.ts'
import { setCommits } from './commits.ts'
import { checkVersion, createRelease, finalizeRelease, releasePath } from './releases.ts'

/** As `sentry-cli releases` does it, by the same requests. */
export function keepReleases(
  configure: (context: DeliveryContext) => Promise<SentryConfig>,
  surroundings: () => Pick<Surroundings, 'cwd' | 'env'>,
): ReleaseKeeping {
  return {
    async create(version, { url, isFinal }, context) {
      const details = { ...(url !== undefined && { url }), ...(isFinal && { isFinal }) }
      await createRelease(context, await configure(context), version, details)
    },

    async setCommits(version, setting, context) {
      const config = await configure(context)
      checkVersion(version)
      // The commits of a release that the server does not know would be refused.
      await callSentry(context, config, 'releases/', {
        body: { version, projects: projectsOf(config) },
        failure: `Release ${version} was not created`,
      })
      const { cwd, env } = surroundings()
      return setCommits(context, config, version, setting, { root: cwd, env })
    },

    async finalize(version, fields, context) {
      await finalizeRelease(context, await configure(context), version, fields)
    },

    async list(context) {
      const releases = await listOf(context, await configure(context), 'releases/?per_page=100')
      return releases.map(({ version, dateCreated, dateReleased }) => ({
        version: String(version),
        ...(typeof dateCreated === 'string' && { created: dateCreated }),
        ...(typeof dateReleased === 'string' && { released: dateReleased }),
      }))
    },

    async files(version, context) {
      const config = await configure(context)
      const lists = await Promise.all(config.projects.map(project => listFiles(project, version, config, context)))
      return [...new Set(lists.flat().map(({ name }) => name))].sort()
    },

    async deploys(version, context) {
      const deploys = await listOf(context, await configure(context), `${releasePath(version)}deploys/`)
      return deploys.map(({ environment, dateFinished }) => ({
        environment: String(environment),
        ...(typeof dateFinished === 'string' && { finished: dateFinished }),
      }))
    },
  }
}

async function listOf(
  context: DeliveryContext,
  config: SentryConfig,
  path: string,
): Promise<Record<string, unknown>[]> {
  const list = (await callSentry(context, config, path)).json()
  return Array.isArray(list) ? list : []
}
