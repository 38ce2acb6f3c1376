import { createHash } from 'node:crypto'

/** What an SDK's DSN names: `{scheme}://{key}@{host}/{id}`. */
export interface ProjectKey {
  /** Digits: the SDKs refuse a DSN whose project is anything else. */
  id: string
  /** 32 hex characters; public, as it ships in every page. */
  key: string
}

/**
 * Both follow from the names alone, so that every server of a store knows the same DSN without any state. The key is no
 * secret and does not keep anyone out who can read the page that sends; it keeps out what was meant for another server.
 */
export function projectKey(org: string, project: string): ProjectKey {
  const digest = createHash('sha256').update(`mapseal/dsn/1\0${org}\0${project}`).digest()
  return { id: String(digest.readUInt32BE(16)), key: digest.subarray(0, 16).toString('hex') }
}

/** @param url the server's, as clients reach it */
export function dsnOf(url: string, org: string, project: string): string {
  const { id, key } = projectKey(org, project)
  const { protocol, host } = new URL(url)
  return `${protocol}//${key}@${host}/${id}`
}

/** The project's slug by its number or by itself. */
export function findProject(text: string, org: string, projects: readonly string[]): string | undefined {
  return projects.find(project => project === text || projectKey(org, project).id === text)
}

/** The key in a DSN, as envelope headers carry one. */
export function keyOfDsn(dsn: string): string | undefined {
  try {
    return new URL(dsn).username || undefined
  } catch {
    return undefined
  }
}
