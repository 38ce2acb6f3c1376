import { MapsealError } from '@mapseal/core'
import type { DeployOptions, IncludeEntry, Options, SetCommitsOptions } from './options.ts'

type FilesOptions = Omit<IncludeEntry, 'paths'>

/** The options of version 1 of Sentry's webpack plugin, whose `include` names what is uploaded. */
export interface Version1Options extends FilesOptions {
  include: string | Version1Entry | (string | Version1Entry)[]
  /** @default `SENTRY_RELEASE`, the CI's commit variable, or git's `HEAD` */
  release?: string
  dist?: string
  entries?: unknown
  org?: string
  project?: string
  authToken?: string
  url?: string
  /** Such as `X-Team: shop`. */
  customHeader?: string
  vcsRemote?: string
  /** A file of sentry-cli's settings. */
  configFile?: string
  finalize?: boolean
  setCommits?: SetCommitsOptions
  deploy?: DeployOptions
  /** Uploads nothing. */
  dryRun?: boolean
  debug?: boolean
  silent?: boolean
  cleanArtifacts?: boolean
  errorHandler?: (error: Error, invokeErrorHandler: () => void, compilation: unknown) => void
}

export type Version1Entry = FilesOptions & { paths: string | string[] }

export function isVersion1(options: object | undefined): options is Version1Options {
  return options !== undefined && 'include' in options
}

const fileFields = [
  ...['ignore', 'ignoreFile', 'ext', 'urlPrefix', 'urlSuffix', 'stripPrefix', 'stripCommonPrefix'],
  ...['sourceMapReference', 'rewrite', 'validate'],
] satisfies string[] as (keyof FilesOptions)[]

/** The same, by today's options. @throws MapsealError for what cannot be honoured */
export function withoutVersion1(options: Version1Options): Options {
  const { include, release, dist, customHeader, vcsRemote, finalize, setCommits, deploy, dryRun, ...others } = options
  const { org, project, authToken, url, debug, silent, errorHandler, ...rest } = others
  const { entries, configFile, cleanArtifacts, ...files } = rest
  if (entries !== undefined)
    refuse('"entries" chose which entries name the release. Leave it out: the script that starts first does.')
  if (configFile !== undefined)
    refuse('"configFile" is read by no plugin since version 2. Set SENTRY_PROPERTIES to it.')
  if (cleanArtifacts)
    refuse('"cleanArtifacts" deletes files that users of the release still need. Leave it out: names are replaced.')
  for (const key of Object.keys(files))
    if (!(fileFields as string[]).includes(key)) refuse(`There is no option "${key}" beside "include".`)
  const shared = Object.fromEntries(fileFields.flatMap(key => (key in files ? [[key, files[key]]] : [])))
  const legacy = [include].flat().map(each => {
    const entry = typeof each === 'string' ? { paths: [each] } : { ...each, paths: [each.paths].flat() }
    return { ...shared, ...entry }
  })
  const given = {
    ...{ org, project, authToken, url, debug, silent },
    headers: customHeader === undefined ? undefined : headersOf(customHeader),
    // It called the handler, and failed the build only by its second argument.
    errorHandler:
      errorHandler &&
      ((error: Error) =>
        errorHandler(
          error,
          () => {
            throw error
          },
          undefined,
        )),
    sourcemaps: dryRun ? { disable: 'disable-upload' } : undefined,
    release: withoutUndefined({
      name: release,
      ...{ dist, vcsRemote, finalize },
      ...(dryRun
        ? { create: false, finalize: false, setCommits: false, deploy: false }
        : { setCommits, deploy, uploadLegacySourcemaps: legacy }),
    }),
  }
  return withoutUndefined(given) as Options
}

function withoutUndefined(given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

function headersOf(line: string): Record<string, string> {
  const [, name, value] = /^\s*([^\s:]+)\s*:\s*(.*?)\s*$/.exec(line) ?? []
  if (!name || !value) refuse('"customHeader" takes a header such as "X-Team: shop".')
  return { [name]: value }
}

function refuse(message: string): never {
  throw new MapsealError('sentry-compat', message)
}
