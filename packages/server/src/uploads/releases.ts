import type { ServerContext } from '../context.ts'
import { type Answer, json } from '../http/answer.ts'
import { HttpProblem } from '../http/problem.ts'
import type { Request } from '../http/request.ts'
import type { Handler } from '../http/route.ts'
import { asBody } from './fields.ts'
import { isVersion } from './names.ts'
import { checkOrg, describeProject, projectOf } from './organization.ts'
import { applyChanges, newRelease, parseChanges, parseDeploy, parseProjects } from './release-changes.ts'
import type { ReleaseRecord } from './release-store.ts'

/** Each of them under the organization's path and under a project's. */

/** 201 for a new one, 208 for one that was there; both may change it. */
export const createRelease: Handler = async (request, context) => {
  const { options, uploads } = context
  const scope = scopeOf(request, context)
  const body = asBody(await request.json(options.limits.jsonBytes))
  const version = checkVersion(body.version)
  const changes = parseChanges(body, options)
  const projects = scope ? [scope] : changes.projects
  if (!projects?.length) throw new HttpProblem(400, { detail: 'projects is missing' })
  let isNew = false
  const release = await uploads.releases.update(version, known => {
    isNew = known === undefined
    return applyChanges(known ?? newRelease(version), { ...changes, projects })
  })
  return answer(release, context, isNew ? 201 : 208)
}

export const updateRelease: Handler = async (request, context) => {
  const { options, uploads } = context
  const scope = scopeOf(request, context)
  const version = checkVersion(request.params.version)
  const changes = parseChanges(asBody(await request.json(options.limits.jsonBytes)), options)
  const release = await uploads.releases.update(version, known => {
    return known && isIn(known, scope) ? applyChanges(known, changes) : undefined
  })
  return answer(release, context)
}

export const releaseInfo: Handler = async (request, context) => {
  return answer(await findRelease(request, context), context)
}

export const releaseList: Handler = async (request, context) => {
  const scope = scopeOf(request, context)
  const releases = await context.uploads.releases.newest(100, release => isIn(release, scope))
  return json(releases.map(release => describe(release, context)))
}

export const deleteRelease: Handler = async (request, context) => {
  const { version } = await findRelease(request, context)
  await context.uploads.releases.remove(version)
  return { status: 204 }
}

/** From where a client's git begins to count commits; `{}` where nothing was released before. */
export const previousWithCommits: Handler = async (request, context) => {
  checkOrg(request, context.options)
  const version = checkVersion(request.params.version)
  const { releases } = context.uploads
  const asked = await releases.read(version)
  const [previous] = await releases.newest(
    1,
    release =>
      release.version !== version &&
      release.commits.length > 0 &&
      (!asked || (release.dateCreated <= asked.dateCreated && release.projects.some(p => asked.projects.includes(p)))),
  )
  return previous ? answer(previous, context) : json({})
}

export const releaseCommits: Handler = async (request, context) => {
  const { commits } = await findRelease(request, context)
  return json(commits)
}

export const createDeploy: Handler = async (request, context) => {
  const { options, uploads } = context
  checkOrg(request, options)
  const version = checkVersion(request.params.version)
  const body = asBody(await request.json(options.limits.jsonBytes))
  const deploy = parseDeploy(body)
  const projects = body.projects ? parseProjects(body.projects, options) : []
  const release = await uploads.releases.update(version, known => {
    if (!known) return undefined
    const foreign = projects.find(project => !known.projects.includes(project))
    if (foreign) throw new HttpProblem(400, { detail: `The release does not belong to the project ${foreign}` })
    return { ...known, deploys: [deploy, ...known.deploys].slice(0, 1000) }
  })
  if (!release) throw notFound()
  return json(deploy, 201)
}

export const deployList: Handler = async (request, context) => {
  const { deploys } = await findRelease(request, context)
  return json(deploys)
}

/** The release in the path, of the project in the path. @throws HttpProblem 404 */
export async function findRelease(request: Request, context: ServerContext): Promise<ReleaseRecord> {
  const scope = scopeOf(request, context)
  const release = await context.uploads.releases.read(checkVersion(request.params.version))
  if (!release || !isIn(release, scope)) throw notFound()
  return release
}

function answer(release: ReleaseRecord | undefined, context: ServerContext, status = 200): Answer {
  if (!release) throw notFound()
  return json(describe(release, context), status)
}

function describe(
  { version, projects, commits, deploys, ...rest }: ReleaseRecord,
  { options }: ServerContext,
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

/** The project of the path, where it names one. */
function scopeOf(request: Request, { options }: ServerContext): string | undefined {
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
