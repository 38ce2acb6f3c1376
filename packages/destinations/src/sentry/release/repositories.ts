import type { DeliveryContext } from '@mapseal/core'
import { callSentry, nextCursor, type SentryConfig } from '../api.ts'
import { normalizeRemote, pathOfRemote } from './remotes.ts'

/** A repository that the server is connected with. */
export interface SentryRepository {
  name: string
  url?: string | null
  externalSlug?: string | null
}

/** Far more than an organization has; a server that turns its pages in a circle ends here. */
const MAX_PAGES = 100

/** Empty for servers that keep none. */
export async function listRepositories(context: DeliveryContext, config: SentryConfig): Promise<SentryRepository[]> {
  const repositories: SentryRepository[] = []
  let cursor: string | undefined = ''
  for (let page = 0; page < MAX_PAGES && cursor !== undefined; page += 1) {
    const path = `repos/?cursor=${encodeURIComponent(cursor)}`
    const response = await callSentry(context, config, path, {
      failure: 'The repositories of the organization were not listed',
      accept: [404, 405],
      sample: [],
    })
    if (response.status >= 300) break
    const found = response.json()
    if (!Array.isArray(found)) break
    repositories.push(...found.filter(isRepository))
    cursor = nextCursor(response)
  }
  return repositories
}

function isRepository(value: unknown): value is SentryRepository {
  return typeof (value as SentryRepository | null)?.name === 'string'
}

/** The one that the first of the remotes names: by URL, or by path where a side gives nothing but a path. */
export function findRepository(repositories: SentryRepository[], remotes: string[]): SentryRepository | undefined {
  for (const remote of remotes) {
    const url = normalizeRemote(remote)
    const found =
      repositories.find(repository => url !== undefined && repository.url && normalizeRemote(repository.url) === url) ??
      repositories.find(repository => isSamePath(repository, remote, url))
    if (found) return found
  }
  return undefined
}

function isSamePath({ name, url, externalSlug }: SentryRepository, remote: string, remoteUrl?: string): boolean {
  if (url && remoteUrl) return false
  const path = (pathOfRemote(remote) ?? remote).toLowerCase()
  return [name, externalSlug, url && pathOfRemote(url)].some(text => text?.toLowerCase() === path)
}
