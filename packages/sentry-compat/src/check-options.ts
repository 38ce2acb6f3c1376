import { didYouMean, MapsealError } from '@mapseal/core'
import { checkValues } from './check-values.ts'
import type { Options } from './options.ts'

type Fields = Record<string, true | Record<string, true>>

const names = (...list: string[]): Record<string, true> => Object.fromEntries(list.map(name => [name, true]))

/** Every option, and every field of those that are objects. */
export const knownOptions: Fields = {
  ...names('org', 'project', 'authToken', 'url', 'headers', 'debug', 'silent', 'errorHandler', 'telemetry', 'disable'),
  ...names('applicationKey', 'moduleMetadata', '_experiments', '_metaOptions'),
  sourcemaps: names(
    ...['disable', 'assets', 'ignore', 'rewriteSources', 'resolveSourceMap'],
    ...['filesToDeleteAfterUpload', 'deleteSourcemapsAfterUpload'],
  ),
  release: names(
    ...['name', 'inject', 'create', 'finalize', 'dist', 'vcsRemote', 'setCommits', 'deploy', 'uploadLegacySourcemaps'],
  ),
  bundleSizeOptimizations: names(
    ...['excludeDebugStatements', 'excludeTracing', 'excludeChannelInjection', 'excludeReplayCanvas'],
    ...['excludeReplayShadowDom', 'excludeReplayIframe', 'excludeReplayWorker'],
  ),
  reactComponentAnnotation: names('enabled', 'ignoredComponents', '_experimentalInjectIntoHtml'),
}

/** @throws MapsealError for an option that is unknown, contradictory or cannot be honoured, with the reason */
export function checkOptions(options: Options): void {
  checkNames(options, knownOptions, '')
  checkValues(options)
  const { project, release = {}, _experiments = {} } = options
  const { setCommits, deploy } = release
  if (
    Array.isArray(project) &&
    (project.length === 0 || project.some(name => typeof name !== 'string' || !name.trim()))
  )
    refuse('"project" is a list with an empty name or none at all. Name at least one project, and no empty ones.')
  if (setCommits && !setCommits.auto && !(setCommits.repo && setCommits.commit))
    refuse('"release.setCommits" needs "auto: true", or "repo" and "commit".')
  if (deploy && !deploy.env) refuse('"release.deploy" needs "env", such as "production".')
  checkExperiments(_experiments)
}

function checkNames(given: object, fields: Fields, prefix: string): void {
  for (const [key, value] of Object.entries(given)) {
    const allowed = Object.hasOwn(fields, key) ? fields[key] : undefined
    if (!allowed) refuse(`There is no option "${prefix}${key}".${didYouMean(key, Object.keys(fields))}`)
    if (allowed !== true && value !== undefined && value !== null) {
      if (typeof value !== 'object' || Array.isArray(value)) refuse(`"${prefix}${key}" takes an object.`)
      checkNames(value, allowed, `${key}.`)
    }
  }
}

function checkExperiments(experiments: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(experiments)) {
    if (name === 'injectBuildInformation' || value === undefined || value === false) continue
    if (name === 'forceExitOnBuildCompletion')
      refuse(
        '"_experiments.forceExitOnBuildCompletion" would end the process before others are done. Leave it out: nothing of this plugin keeps a process alive.',
      )
    refuse(`There is no experiment "${name}".${didYouMean(name, ['injectBuildInformation'])}`)
  }
}

function refuse(message: string): never {
  throw new MapsealError('sentry-compat', message)
}
