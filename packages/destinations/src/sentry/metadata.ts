import { MapsealError, type Registry, type Release } from '@mapseal/core'
import type { SentryAccess } from './config/config.ts'

/** What every script carries for the SDK: JSON by name. */
export type ModuleMetadata = Record<string, unknown>

/** What a function that makes the metadata gets: slugs and a name, as far as options and variables know them. */
export interface MetadataArguments {
  org: string | undefined
  /** The first of them. */
  project: string | undefined
  projects: string[] | undefined
  release: string | undefined
}

export interface MetadataOptions {
  /**
   * Data that every script carries; the SDK attaches it to a script's stack frames, for `beforeSend` and for integrations. An
   * object, or a function that makes one.
   */
  moduleMetadata?: ModuleMetadata | ((known: MetadataArguments) => ModuleMetadata)
  /** The key that `thirdPartyErrorFilterIntegration({ filterKeys })` tells your scripts from those of others by. */
  applicationKey?: string
}

type Given = MetadataOptions & Pick<SentryAccess, 'org' | 'project'>

/** The SDK's registry of metadata, or none where nothing is to be in it. @throws MapsealError for what is not metadata */
export function metadataRegistries(options: Given, env: () => NodeJS.ProcessEnv): Registry[] {
  const { applicationKey, moduleMetadata } = options
  if (applicationKey !== undefined && typeof applicationKey !== 'string') refuse('applicationKey', 'text')
  if (moduleMetadata !== undefined && typeof moduleMetadata !== 'function') requireObject(moduleMetadata)
  if (!applicationKey && moduleMetadata === undefined) return []
  // A user's function, which is called once for a release and not once for a script.
  const made = new Map<string | undefined, ModuleMetadata>()
  return [
    {
      global: '_sentryModuleMetadata',
      entry(_debugId, release) {
        const metadata = made.get(release?.name) ?? metadataOf(options, env(), release)
        made.set(release?.name, metadata)
        return metadata
      },
    },
  ]
}

function metadataOf(options: Given, env: NodeJS.ProcessEnv, release: Release | undefined): ModuleMetadata {
  const { applicationKey, moduleMetadata } = options
  // One key for each application, so that a script of two has both.
  const key = applicationKey ? { [`_sentryBundlerPluginAppKey:${applicationKey}`]: true } : {}
  if (typeof moduleMetadata !== 'function') return { ...key, ...moduleMetadata }
  const projects = [options.project ?? env.SENTRY_PROJECT ?? []]
    .flat()
    .flatMap(names => names.split(','))
    .map(name => name.trim())
    .filter(Boolean)
  return {
    ...key,
    ...requireObject(
      moduleMetadata({
        org: options.org ?? (env.SENTRY_ORG?.trim() || undefined),
        project: projects[0],
        projects: projects.length > 0 ? projects : undefined,
        release: release?.name,
      }),
    ),
  }
}

function requireObject(value: unknown): ModuleMetadata {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || 'then' in value) {
    refuse('moduleMetadata', 'an object, or a function that returns one')
  }
  return value as ModuleMetadata
}

function refuse(option: string, expected: string): never {
  throw new MapsealError('sentry', `"${option}" takes ${expected}.`)
}
