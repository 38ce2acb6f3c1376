import { resolve } from 'node:path'
import {
  type Artifact,
  type BuildRecord,
  type DeliveryContext,
  type DeliveryReport,
  type Destination,
  detectRelease,
} from '@mapseal/core'
import { sentry } from '@mapseal/destinations/sentry'
import { headersOf } from '../environment.ts'
import { uploadLegacy } from '../legacy/upload.ts'
import type { CompatLogger } from '../logger.ts'
import type { Options } from '../options.ts'
import type { Place } from '../plan.ts'
import { noArtifacts, prepareArtifacts } from './artifacts.ts'
import { buildInformation } from './build-information.ts'
import { deleteFiles } from './delete-files.ts'
import { releaseDetails } from './release-details.ts'

export interface DestinationParts {
  /** `release`: that alone. */
  uploads: 'artifacts' | 'release' | 'nothing'
  /** What is missing to reach the server. */
  access: string | undefined
}

export interface Surroundings extends DestinationParts {
  env: NodeJS.ProcessEnv
  place: Place
  logger: CompatLogger
}

/** Sentry, with what its plugins do besides delivering. */
export interface CompatDestination extends Destination {
  /** The error that the last delivery ended with, once. */
  takeFailure(): Error | undefined
}

export function createDestination(options: Options, surroundings: Surroundings): CompatDestination {
  const { uploads, access, place, env } = surroundings
  const { org, project, authToken, url, release = {}, moduleMetadata, applicationKey } = options
  const vcsRemote = [release.vcsRemote, env.SENTRY_VSC_REMOTE].find(name => name?.trim())
  const environment = vcsRemote ? { ...env, SENTRY_VCS_REMOTE: vcsRemote } : env
  const given = { org, project, authToken, url, moduleMetadata, applicationKey }
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== ''))
  const base = sentry({ ...set, release: releaseDetails(release, environment) }, { cwd: place.cwd, env: environment })
  const isSnippetOnly = uploads === 'nothing' || access !== undefined
  // A list that is rejected before it is asked for, or never asked for, must not end the process.
  Promise.resolve(options.sourcemaps?.filesToDeleteAfterUpload).catch(() => {})
  let failure: Error | undefined

  return {
    ...base,
    // What is missing then has been announced.
    lacks: async () => (isSnippetOnly ? undefined : base.lacks?.()),
    identity: JSON.stringify([base.identity, uploads, options.sourcemaps, options.release]),
    globals: {
      _sentryDebugIdIdentifier: (debugId: string) => `sentry-dbid-${debugId}`,
      ...(options._experiments?.injectBuildInformation && { SENTRY_BUILD_INFO: buildInformation(place.cwd) }),
    },
    isSnippetOnly,

    async deliver(build, artifacts, context) {
      failure = undefined
      try {
        return await deliver(
          options,
          surroundings,
          base,
          build,
          artifacts,
          withHeaders(context, { ...headersOf(env), ...options.headers }),
        )
      } catch (cause) {
        failure = cause instanceof Error ? cause : new Error(String(cause), { cause })
        throw cause
      }
    },

    takeFailure() {
      const taken = failure
      failure = undefined
      return taken
    },
  }
}

/** The release with the artifacts, then the files that are found by their URL, then the deletion. */
async function deliver(
  options: Options,
  surroundings: Surroundings,
  base: Destination,
  record: BuildRecord,
  artifacts: AsyncIterable<Artifact>,
  context: DeliveryContext,
): Promise<DeliveryReport> {
  const build = await withRelease(record, options, surroundings)
  const isUploaded = surroundings.uploads === 'artifacts'
  const maps = new Map<string, Buffer>()
  const onMap = (path: string, map: Buffer) => {
    if (options.release?.uploadLegacySourcemaps !== undefined) maps.set(path, map)
  }
  try {
    const prepared = isUploaded
      ? await prepareArtifacts(options, surroundings, build, artifacts, onMap)
      : { files: [], artifacts: noArtifacts() }
    const report = await base.deliver({ ...build, files: prepared.files }, prepared.artifacts, context)
    const legacy = await uploadLegacy(options, surroundings, build, context, maps)
    if (isUploaded) await deleteFiles(options, surroundings, () => true)
    return legacy === undefined ? report : { ...report, message: [report.message, legacy].filter(Boolean).join('; ') }
  } catch (cause) {
    // Source maps that the vault has need not be public.
    const kept = new Set(build.files.filter(file => file.map).map(file => mapPath(file, surroundings.place)))
    if (isUploaded) await deleteFiles(options, surroundings, path => kept.has(path))
    throw cause
  }
}

function mapPath({ outDir, path }: BuildRecord['files'][number], { root }: Place): string {
  return `${resolve(root, outDir, path)}.map`
}

/** With `inject: false` the code names no release, but what is uploaded belongs to it. */
async function withRelease(build: BuildRecord, options: Options, { env, place }: Surroundings): Promise<BuildRecord> {
  if (build.release) return build
  const { name, dist } = options.release ?? {}
  const release = await detectRelease({ name: name?.trim() || undefined, dist: dist || undefined }, place.root, env)
  return release ? { ...build, release } : build
}

/** Without those that a condition leaves undefined. */
function withHeaders(context: DeliveryContext, given: Record<string, string | undefined>): DeliveryContext {
  const set = Object.entries(given).filter(([, value]) => value !== undefined && value !== null)
  if (set.length === 0) return context
  const headers = Object.fromEntries(set) as Record<string, string>
  return {
    ...context,
    fetch: (url, request) => context.fetch(url, { ...request, headers: { ...headers, ...request?.headers } }),
  }
}
