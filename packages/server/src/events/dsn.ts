import { createHash } from 'node:crypto'

/** The parts of an SDK's DSN: `{scheme}://{key}@{host}/{id}`. */
export interface ProjectKey {
  /** Digits: the SDKs refuse a DSN whose project is anything else. */
  id: string
  /** 32 hex characters. Public: it ships in every page. */
  key: string
}

/**
 * Both are derived from the names alone, so that every server of a store has the same DSN without any state; `keys.ts` has
 * keys that replace this one. A key is not a secret: anyone who can read the sending page has it. It keeps out events that
 * were meant for another server.
 */
export function projectKey(org: string, project: string): ProjectKey {
  const digest = createHash('sha256').update(`mapseal/dsn/1\0${org}\0${project}`).digest()
  return { id: String(digest.readUInt32BE(16)), key: digest.subarray(0, 16).toString('hex') }
}

/**
 * @param url the server's URL for clients
 * @param key by default the one that is derived from the names
 */
export function dsnOf(url: string, org: string, project: string, key: string = projectKey(org, project).key): string {
  const { id } = projectKey(org, project)
  const { protocol, host } = new URL(url)
  return `${protocol}//${key}@${host}/${id}`
}

/** The slug of the project with this number or slug. */
export function findProject(text: string, org: string, projects: readonly string[]): string | undefined {
  return projects.find(project => project === text || projectKey(org, project).id === text)
}

/** The key in a DSN, such as an envelope's header has. */
export function keyOfDsn(dsn: string): string | undefined {
  try {
    return new URL(dsn).username || undefined
  } catch {
    return undefined
  }
}
