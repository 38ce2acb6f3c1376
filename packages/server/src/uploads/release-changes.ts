import { randomUUID } from 'node:crypto'
import { HttpProblem } from '../http/problem.ts'
import type { ResolvedServerOptions } from '../options.ts'
import { type Body, optionalDate, optionalList, optionalText } from './fields.ts'
import { describeUnknown, resolveProjects } from './organization.ts'
import type { Commit, Deploy, Ref, ReleaseRecord } from './release-store.ts'

/** What a request may change in a release, checked. */
export type ReleaseChanges = Partial<
  Pick<ReleaseRecord, 'dateStarted' | 'dateReleased' | 'url' | 'ref' | 'status' | 'commits' | 'refs' | 'projects'>
>

/** @throws HttpProblem 400 */
export function parseChanges(body: Body, options: ResolvedServerOptions): ReleaseChanges {
  const changes: ReleaseChanges = {}
  for (const name of ['dateStarted', 'dateReleased'] as const) {
    const date = optionalDate(body, name)
    if (date !== undefined) changes[name] = date
  }
  for (const name of ['url', 'ref'] as const) {
    const text = optionalText(body, name, 2000)
    if (text !== undefined) changes[name] = text
  }
  const status = optionalText(body, 'status', 20)
  if (status !== undefined) changes.status = status === 'archived' ? 'archived' : 'open'
  const commits = optionalList(body, 'commits', 10_000)
  if (commits) changes.commits = commits.map(toCommit)
  const refs = optionalList(body, 'refs', 100)
  if (refs) changes.refs = refs.map(toRef)
  if (body.projects !== undefined && body.projects !== null) changes.projects = parseProjects(body.projects, options)
  return changes
}

/** @throws HttpProblem 400 */
export function parseProjects(names: unknown, options: ResolvedServerOptions): string[] {
  if (!Array.isArray(names) || names.length > 1000) {
    throw new HttpProblem(400, { detail: 'projects must be a list of at most 1000' })
  }
  const { slugs, unknown } = resolveProjects(names, options)
  if (unknown.length === 0) return slugs
  throw new HttpProblem(400, { detail: `Invalid project ids or slugs: ${describeUnknown(unknown, options)}` })
}

export function applyChanges(release: ReleaseRecord, { projects = [], ...changes }: ReleaseChanges): ReleaseRecord {
  return { ...release, ...changes, projects: [...new Set([...release.projects, ...projects])] }
}

export function newRelease(version: string): ReleaseRecord {
  const dateCreated = new Date().toISOString()
  return { version, format: 1, projects: [], dateCreated, status: 'open', commits: [], refs: [], deploys: [] }
}

function toCommit(body: Body): Commit {
  const commit: Commit = { id: needed(body, 'id', 64) }
  for (const name of ['repository', 'author_name', 'author_email', 'timestamp'] as const) {
    const text = optionalText(body, name, 200)
    if (text !== undefined) commit[name] = text
  }
  const message = optionalText(body, 'message', 100_000)
  if (message !== undefined) commit.message = message.slice(0, 2000)
  return commit
}

function toRef(body: Body): Ref {
  const previousCommit = optionalText(body, 'previousCommit', 64)
  return {
    repository: needed(body, 'repository', 200),
    commit: needed(body, 'commit', 64),
    ...(previousCommit && { previousCommit }),
  }
}

/** @throws HttpProblem 400 */
export function parseDeploy(body: Body): Deploy {
  return {
    id: randomUUID(),
    environment: needed(body, 'environment', 64),
    name: optionalText(body, 'name', 64) ?? null,
    url: optionalText(body, 'url', 2000) ?? null,
    dateStarted: optionalDate(body, 'dateStarted') ?? null,
    dateFinished: optionalDate(body, 'dateFinished') ?? new Date().toISOString(),
  }
}

function needed(body: Body, name: string, maxLength: number): string {
  const value = optionalText(body, name, maxLength)
  if (value) return value
  throw new HttpProblem(400, { detail: `${name} is missing` })
}
