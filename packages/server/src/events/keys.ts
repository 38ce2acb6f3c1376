import { randomBytes } from 'node:crypto'
import { MapsealError, type Store } from '@mapseal/core'
import { projectKey } from './dsn.ts'

/** A key of a project's DSNs. */
export interface ClientKey {
  /** 32 hex characters. Public: it ships in every page. */
  key: string
  /** ISO 8601, UTC; absent for the one that is derived from the project's name. */
  createdAt?: string
}

interface StoredKeys {
  version: 1
  keys: ClientKey[]
}

const placeOf = (org: string, project: string) => `keys/${org}/${project}.json`

/** Those that are accepted, the newest last: without any in the store, the derived one. */
export async function listKeys(store: Store, org: string, project: string): Promise<ClientKey[]> {
  return parseKeys(await store.get(placeOf(org, project)), org, project)
}

/** Adds a key. The older ones are accepted until they are revoked: pages in use have them. */
export async function createKey(store: Store, org: string, project: string): Promise<ClientKey> {
  const made: ClientKey = { key: randomBytes(16).toString('hex'), createdAt: new Date().toISOString() }
  await store.update(placeOf(org, project), bytes => print([...parseKeys(bytes, org, project), made]))
  return made
}

/** @throws MapsealError if the project does not have the key, or no other */
export async function revokeKey(store: Store, org: string, project: string, key: string): Promise<void> {
  await store.update(placeOf(org, project), bytes => {
    const keys = parseKeys(bytes, org, project)
    const left = keys.filter(other => other.key !== key)
    if (left.length === keys.length) throw fault(`Project ${project} has no key "${key.slice(0, 32)}".`)
    if (left.length === 0) throw fault(`${key} is the only key of project ${project}. Create another one first.`)
    return print(left)
  })
}

function print(keys: ClientKey[]): Buffer {
  const stored: StoredKeys = { version: 1, keys }
  return Buffer.from(`${JSON.stringify(stored, null, 1)}\n`)
}

function parseKeys(bytes: Buffer | undefined, org: string, project: string): ClientKey[] {
  if (!bytes) return [{ key: projectKey(org, project).key }]
  const stored = JSON.parse(bytes.toString('utf8')) as Partial<StoredKeys> | null
  if (stored?.version !== 1 || !Array.isArray(stored.keys)) {
    throw fault(`${placeOf(org, project)} is of another version of Mapseal. Update the server.`)
  }
  return stored.keys
}

function fault(message: string): MapsealError {
  return new MapsealError('server', message)
}

/** The keys that a server accepts. */
export interface ClientKeys {
  /** The newest last. */
  list(project: string): Promise<ClientKey[]>
  /** For the DSN to show. */
  newest(project: string): Promise<string>
}

/** In ms. For this long at most, a revoked key is still accepted, and a new one is not. */
const CACHED_MS = 5000

export function createClientKeys(store: Store, org: string): ClientKeys {
  const cache = new Map<string, { keys: Promise<ClientKey[]>; at: number }>()

  function list(project: string): Promise<ClientKey[]> {
    const known = cache.get(project)
    if (known && Date.now() - known.at < CACHED_MS) return known.keys
    const keys = listKeys(store, org, project)
    cache.set(project, { keys, at: Date.now() })
    keys.catch(() => cache.delete(project))
    return keys
  }

  return {
    list,
    newest: async project => (await list(project)).at(-1)?.key ?? projectKey(org, project).key,
  }
}
