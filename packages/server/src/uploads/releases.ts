import { type Answer, json } from '../http/answer.ts'
import { HttpProblem } from '../http/problem.ts'
import type { Request } from '../http/request.ts'
import type { ResolvedServerOptions } from '../options.ts'
import { asBody } from './fields.ts'
import { isVersion } from './names.ts'
import { checkOrg, describeProject, projectOf } from './organization.ts'
import { applyChanges, newRelease, parseChanges, parseDeploy, parseProjects } from './release-changes.ts'
import type { ReleaseRecord, ReleaseStore } from './release-store.ts'

/** For the handlers of releases, each of which is under the organization's path and under a project's. */
export interface ReleaseServices {
  options: ResolvedServerOptions
  releases: ReleaseStore
}

/** 201 for a new release, 208 for an existing one; the request may change either. */
export async function createRelease(request: Request, services: ReleaseServices): Promise<Answer> {
  const { options, releases } = services
  const scope = scopeOf(request, services)
  const body = asBody(await request.json(options.limits.jsonBytes))
  const version = checkVersion(body.version)
  const changes = parseChanges(body, options)
  const projects = scope ? [scope] : changes.projects
  if (!projects?.length) throw new HttpProblem(400, { detail: 'projects is missing' })
  let isNew = false
  const release = await releases.update(version, known => {
    isNew = known === undefined
    return applyChanges(known ?? newRelease(version), { ...changes, projects })
  })
  return answer(release, services, isNew ? 201 : 208)
}

export async function updateRelease(request: Request, services: ReleaseServices): Promise<Answer> {
  const { options, releases } = services
  const scope = scopeOf(request, services)
  const version = checkVersion(request.params.version)
  const changes = parseChanges(asBody(await request.json(options.limits.jsonBytes)), options)
  const release = await releases.update(version, known => {
    return known && isIn(known, scope) ? applyChanges(known, changes) : undefined
  })
  return answer(release, services)
}

export async function releaseInfo(request: Request, services: ReleaseServices): Promise<Answer> {
  return answer(await findRelease(request, services), services)
}

export async function releaseList(request: Request, services: ReleaseServices): Promise<Answer> {
  const scope = scopeOf(request, services)
  const newest = await services.releases.newest(100, release => isIn(release, scope))
  return json(newest.map(release => describe(release, services)))
}

export async function deleteRelease(request: Request, services: ReleaseServices): Promise<Answer> {
  const { version } = await findRelease(request, services)
  await services.releases.remove(version)
  return { status: 204 }
}

/** The release whose last commit a client's git starts from; `{}` if there is none before. */
export async function previousWithCommits(request: Request, services: ReleaseServices): Promise<Answer> {
  checkOrg(request, services.options)
  const version = checkVersion(request.params.version)
  const { releases } = services
  const current = await releases.read(version)
  const [previous] = await releases.newest(
    1,
    release =>
      release.version !== version &&
      release.commits.length > 0 &&
      (!current ||
        (release.dateCreated <= current.dateCreated && release.projects.some(p => current.projects.includes(p)))),
  )
  return previous ? answer(previous, services) : json({})
}

export async function releaseCommits(request: Request, services: ReleaseServices): Promise<Answer> {
  const { commits } = await findRelease(request, services)
  return json(commits)
}

export async function createDeploy(request: Request, services: ReleaseServices): Promise<Answer> {
  const { options, releases } = services
  checkOrg(request, options)
  const version = checkVersion(request.params.version)
  const body = asBody(await request.json(options.limits.jsonBytes))
  const deploy = parseDeploy(body)
  const projects = body.projects ? parseProjects(body.projects, options) : []
  const release = await releases.update(version, known => {
    if (!known) return undefined
    const foreign = projects.find(project => !known.projects.includes(project))
    if (foreign) throw new HttpProblem(400, { detail: `The release does not belong to the project ${foreign}` })
    return { ...known, deploys: [deploy, ...known.deploys].slice(0, 1000) }
  })
  if (!release) throw notFound()
  return json(deploy, 201)
}

export async function deployList(request: Request, services: ReleaseServices): Promise<Answer> {
  const { deploys } = await findRelease(request, services)
  return json(deploys)
}

/** The release in the path, of the project in the path. @throws HttpProblem 404 */
export async function findRelease(request: Request, services: ReleaseServices): Promise<ReleaseRecord> {
  const scope = scopeOf(request, services)
  const release = await services.releases.read(checkVersion(request.params.version))
  if (!release || !isIn(release, scope)) throw notFound()
  return release
}

function answer(release: ReleaseRecord | undefined, services: ReleaseServices, status = 200): Answer {
  if (!release) throw notFound()
  return json(describe(release, services), status)
}

function describe(
  { version, projects, commits, deploys, ...rest }: ReleaseRecord,
  { options }: ReleaseServices,
): unknown {
  const [last] = commits
  return {
    version,
    shortVersion: version,
    status: rest.status,
    url: rest.url ?? null,
    ref: rest.ref ?? null,
    dateCreated: rest.dateCreated,
    dateStarted: rest.dateStarted ?? null,
    dateReleased: rest.dateReleased ?? null,
    firstEvent: null,
    lastEvent: null,
    newGroups: 0,
    commitCount: commits.length,
    deployCount: deploys.length,
    lastCommit: last ? { id: last.id, message: last.message ?? null, dateCreated: last.timestamp ?? null } : null,
    lastDeploy: deploys[0] ?? null,
    authors: [],
    projects: projects.map(project => describeProject(project, options)),
  }
}

/** The project in the path, if there is one. */
function scopeOf(request: Request, { options }: ReleaseServices): string | undefined {
  checkOrg(request, options)
  return request.params.project === undefined ? undefined : projectOf(request, options)
}

function isIn({ projects }: ReleaseRecord, scope: string | undefined): boolean {
  return scope === undefined || projects.includes(scope)
}

function checkVersion(version: unknown): string {
  if (typeof version === 'string' && isVersion(version)) return version
  throw new HttpProblem(400, { detail: 'Invalid release name' })
}

function notFound(): HttpProblem {
  return new HttpProblem(404, { detail: 'The requested resource does not exist' })
}
