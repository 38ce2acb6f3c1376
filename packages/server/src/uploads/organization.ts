import { dsnOf, findProject, projectKey } from '../events/dsn.ts'
import type { ClientKey, ClientKeys } from '../events/keys.ts'
import { type Answer, json } from '../http/answer.ts'
import { HttpProblem } from '../http/problem.ts'
import type { Request } from '../http/request.ts'
import type { ResolvedServerOptions } from '../options.ts'

type Names = Pick<ResolvedServerOptions, 'org' | 'projects'>

/** Each server has one organization, by its slug or its number. @throws HttpProblem 404 */
export function checkOrg({ params }: Request, { org }: Names): void {
  if (params.org === org || params.org === orgId(org)) return
  throw new HttpProblem(404, { detail: `There is no organization "${params.org}". This server has "${org}".` })
}

/** The project in the path. @throws HttpProblem 404 */
export function projectOf({ params }: Request, { org, projects }: Names): string {
  const project = findProject(params.project ?? '', org, projects)
  if (project !== undefined) return project
  throw new HttpProblem(404, {
    detail: `There is no project "${params.project}" here. Known: ${projects.join(', ')}.`,
  })
}

/** The slugs of projects that a client named by slug or number, and the names that are unknown. */
export function resolveProjects(names: unknown[], { org, projects }: Names): { slugs: string[]; unknown: string[] } {
  const slugs = new Set<string>()
  const unknown = new Set<string>()
  for (const given of names) {
    const name = typeof given === 'string' ? given : JSON.stringify(given)
    const slug = findProject(name, org, projects)
    if (slug === undefined) unknown.add(name)
    else slugs.add(slug)
  }
  return { slugs: [...slugs], unknown: [...unknown] }
}

/** Part of a message: ` "nope". Known: app.` */
export function describeUnknown(unknown: string[], { projects }: Names): string {
  const names = unknown.map(name => JSON.stringify(name.length > 64 ? `${name.slice(0, 64)}…` : name))
  return `${firstOf(names, 5)}. Known: ${firstOf(projects, 50)}.`
}

function firstOf(names: string[], most: number): string {
  const left = names.length - most
  return names.slice(0, most).join(', ') + (left > 0 ? ` and ${left} more` : '')
}

export interface OrganizationServices {
  options: Names
}

export async function apiInfo(): Promise<Answer> {
  return json({ version: '0', auth: { scopes: ['org:ci'] }, user: null })
}

export async function organizationInfo(request: Request, { options }: OrganizationServices): Promise<Answer> {
  checkOrg(request, options)
  return json(describeOrg(options.org, request.origin))
}

export async function organizationList({ origin }: Request, { options }: OrganizationServices): Promise<Answer> {
  return json([describeOrg(options.org, origin)])
}

/** Clients ask for the organization's region: this server. */
export async function regionInfo({ origin }: Request): Promise<Answer> {
  return json({ url: origin })
}

export async function regionList({ origin }: Request): Promise<Answer> {
  return json({ regions: [{ name: 'here', url: origin }] })
}

export async function projectList(request: Request, { options }: OrganizationServices): Promise<Answer> {
  checkOrg(request, options)
  return json(options.projects.map(slug => describeProject(slug, options)))
}

export async function projectInfo(request: Request, { options }: OrganizationServices): Promise<Answer> {
  checkOrg(request, options)
  return json(describeProject(projectOf(request, options), options))
}

export interface KeyServices extends OrganizationServices {
  keys: ClientKeys
}

export async function projectKeys(request: Request, { options, keys }: KeyServices): Promise<Answer> {
  checkOrg(request, options)
  const project = projectOf(request, options)
  const newestFirst = [...(await keys.list(project))].reverse()
  const describe = ({ key }: ClientKey) => ({
    id: key,
    public: key,
    name: 'Default',
    isActive: true,
    dsn: { public: dsnOf(request.origin, options.org, project, key) },
  })
  return json(newestFirst.map(describe))
}

/** Always empty, so that clients send commits from their own git. */
export async function repositoryList(request: Request, { options }: OrganizationServices): Promise<Answer> {
  checkOrg(request, options)
  return json([])
}

/** Clients expect a date; organization and projects exist from the start. */
const dateCreated = '2020-01-01T00:00:00.000Z'

function describeOrg(slug: string, origin: string): unknown {
  return {
    id: orgId(slug),
    slug,
    name: slug,
    dateCreated,
    status: { id: 'active', name: 'active' },
    isEarlyAdopter: false,
    require2FA: false,
    requireEmailVerification: false,
    avatar: { avatarType: 'letter_avatar', avatarUuid: null },
    features: [],
    links: { organizationUrl: origin, regionUrl: origin },
  }
}

export function describeProject(slug: string, { org }: Names): { id: string; slug: string; name: string } {
  const { id } = projectKey(org, slug)
  const facts = { id, slug, name: slug, dateCreated, platform: 'javascript', isBookmarked: false, isMember: true }
  return Object.assign(facts, {
    status: 'active',
    features: [],
    teams: [],
    organization: { id: orgId(org), slug: org, name: org },
  })
}

function orgId(org: string): string {
  return projectKey(org, '').id
}
