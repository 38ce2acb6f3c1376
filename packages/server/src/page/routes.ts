import { normalizeDebugId } from '@mapseal/core'
import type { BuildIndex } from '../builds/index.ts'
import { dsnOf } from '../events/dsn.ts'
import type { Events } from '../events/intake.ts'
import type { ClientKeys } from '../events/keys.ts'
import { json } from '../http/answer.ts'
import { HttpProblem } from '../http/problem.ts'
import type { Handler, Route } from '../http/route.ts'
import type { ResolvedServerOptions } from '../options.ts'
import type { Symbolicator } from '../symbolicate/index.ts'
import type { ReleaseStore } from '../uploads/release-store.ts'
import type { BuildList } from './build-list.ts'
import { pageFile } from './files.ts'
import { searchFor } from './search.ts'
import {
  buildSummary,
  type FoundScript,
  foundScripts,
  groupSummary,
  releaseSummary,
  scriptSummary,
} from './summaries.ts'

const MOST = { builds: 100, groups: 100, files: 100, searched: 200 }

export interface PageServices {
  builds: Pick<BuildIndex, 'list' | 'records' | 'holders' | 'find'>
  list: BuildList
  releases: Pick<ReleaseStore, 'read'>
  events: Events
  symbolicator: Pick<Symbolicator, 'warm'>
  options: Pick<ResolvedServerOptions, 'org' | 'projects'>
  keys: ClientKeys
}

/** The page's own files hold nothing of the vault, so they need no token; what it shows needs one. */
export function pageRoutes(services: PageServices): Route[] {
  const { keys, options } = services
  const { org, projects } = options
  const about: Handler = async ({ origin }) =>
    json({
      org,
      projects: await Promise.all(
        projects.map(async slug => ({ slug, dsn: dsnOf(origin, org, slug, await keys.newest(slug)) })),
      ),
    })

  return [
    { method: 'GET', path: '/', access: 'public', handle: () => pageFile('index.html') },
    {
      method: 'GET',
      path: '/page/:name',
      access: 'public',
      handle: ({ params }) => pageFile(params.name ?? ''),
    },
    { method: 'GET', path: '/favicon.ico', access: 'public', handle: () => pageFile('icon.svg') },
    { method: 'GET', path: '/api/about', access: 'read', handle: about },
    ...buildRoutes(services),
    ...eventRoutes(services),
    { method: 'GET', path: '/api/search/:text', access: 'read', handle: searchWith(services) },
  ]
}

function buildRoutes({ builds, list, releases }: PageServices): Route[] {
  const listBuilds: Handler = async () => json(await list.newest(MOST.builds))

  const showBuild: Handler = async ({ params }) => {
    const build = await builds.find(params.id ?? '')
    if (!build) throw notFound(`The vault has no build ${params.id}`)
    const release = build.release && (await releases.read(build.release.name))
    return json({
      ...buildSummary(build),
      files: build.files.map(scriptSummary),
      ...(release && { about: releaseSummary(release) }),
    })
  }

  const findFiles: Handler = async ({ params }) => {
    const debugId = normalizeDebugId(params.id)
    if (!debugId) throw new HttpProblem(400, { detail: 'A debug ID is 32 hex digits, with or without dashes' })
    const files: FoundScript[] = []
    for await (const build of builds.holders(debugId))
      files.push(...foundScripts(build, file => file.debugId === debugId))
    return json({ debugId, files: files.slice(0, MOST.files) })
  }

  return [
    { method: 'GET', path: '/api/builds', access: 'read', handle: listBuilds },
    { method: 'GET', path: '/api/builds/:id', access: 'read', handle: showBuild },
    { method: 'GET', path: '/api/files/:id', access: 'read', handle: findFiles },
  ]
}

function searchWith({ builds, list, events, options: { projects } }: PageServices): Handler {
  return async ({ params }) => {
    const text = (params.text ?? '').trim().slice(0, MOST.searched)
    if (text === '') throw new HttpProblem(400, { detail: 'There is nothing to search for' })
    const groups = await Promise.all(projects.map(project => events.groups(project, MOST.groups)))
    return json(await searchFor(text, builds, list, groups.flat()))
  }
}

const GROUP = '/api/events/:project/:group([\\da-f]{16})'

function eventRoutes({ events, symbolicator, options: { projects } }: PageServices): Route[] {
  const listEvents: Handler = async () => {
    // The page is open, so the next event will be waited for: it finds the threads started.
    symbolicator.warm()
    const groups = await Promise.all(projects.map(project => events.groups(project, MOST.groups)))
    const newest = groups.flat().sort((one, other) => (one.lastAt < other.lastAt ? 1 : -1))
    return json({ groups: newest.slice(0, MOST.groups).map(groupSummary) })
  }

  const listGroup: Handler = async ({ params }) => {
    const project = projectOf(params.project, projects)
    const names = await events.names(project, params.group ?? '')
    if (names.length === 0) throw notFound('This group has no events any more')
    return json({ events: names })
  }

  const showEvent: Handler = async ({ params }) => {
    const project = projectOf(params.project, projects)
    const event = await events.read(project, params.group ?? '', params.name ?? '')
    if (!event) throw notFound('This event is no longer kept')
    return json(event)
  }

  return [
    { method: 'GET', path: '/api/events', access: 'read', handle: listEvents },
    { method: 'GET', path: GROUP, access: 'read', handle: listGroup },
    {
      method: 'GET',
      path: `${GROUP}/:name(\\d{8}T\\d{9}Z-[\\da-f]{32})`,
      access: 'read',
      handle: showEvent,
    },
  ]
}

function projectOf(slug: string | undefined, projects: readonly string[]): string {
  const project = projects.find(project => project === slug)
  if (project === undefined) throw notFound('There is no such project')
  return project
}

function notFound(detail: string): HttpProblem {
  return new HttpProblem(404, { detail })
}
