import { type Answer, json } from '../http/answer.ts'
import { HttpProblem } from '../http/problem.ts'
import type { Request } from '../http/request.ts'
import type { ResolvedServerOptions } from '../options.ts'
import type { BundleQueue } from './bundle-queue.ts'
import { isSha1 } from './chunks.ts'
import type { AssembleRequest } from './import-bundle.ts'
import { isDist, isVersion } from './names.ts'
import { checkOrg, describeUnknown, resolveProjects } from './organization.ts'
import type { ReleaseStore } from './release-store.ts'

export interface AssembleServices {
  options: ResolvedServerOptions
  bundleQueue: BundleQueue
  releases: ReleaseStore
}

/** Checks in the order, and answers with the texts, of the server that the clients were written for. */
export async function assembleBundle(request: Request, { options, bundleQueue }: AssembleServices): Promise<Answer> {
  checkOrg(request, options)
  const body = readBody(await request.json(options.limits.jsonBytes))
  return json(await bundleQueue.assemble(parseBody(body, options)))
}

/** Older: the release is in the path, and the manifest must confirm it. */
export async function assembleRelease(
  request: Request,
  { options, bundleQueue, releases }: AssembleServices,
): Promise<Answer> {
  checkOrg(request, options)
  const release = request.params.version as string
  if (!isVersion(release)) throw refusal('Invalid release name')
  const { checksum, chunks } = checkChunks(readBody(await request.json(options.limits.jsonBytes)))
  const known = await releases.read(release)
  const projects = known?.projects.length ? known.projects : options.projects
  const mustName = { org: options.org, release }
  return json(await bundleQueue.assemble({ checksum, chunks, projects, release, mustName }))
}

function readBody(body: unknown): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw refusal('Invalid json body')
  return body as Record<string, unknown>
}

function parseBody(body: Record<string, unknown>, options: ResolvedServerOptions): AssembleRequest {
  const { version, dist, projects, checksum: _, chunks: __, ...rest } = body
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined)
    throw refusal(`Additional properties are not allowed (${JSON.stringify(unknown.slice(0, 40))})`)
  if (version !== undefined && !(typeof version === 'string' && isVersion(version))) {
    throw refusal('The version field cannot be empty and cannot contain any "/" characters.')
  }
  if (dist !== undefined && !(typeof dist === 'string' && isDist(dist)))
    throw refusal('The dist field must be a string.')
  if (!Array.isArray(projects) || !projects.every(project => typeof project === 'string')) {
    throw refusal('The projects field is required and must be provided as an array of strings.')
  }
  const { checksum, chunks } = checkChunks(body)
  if (projects.length === 0) throw refusal('You need to specify at least one project')
  const { slugs, unknown: strange } = resolveProjects(projects, options)
  if (strange.length > 0) throw refusal(`One or more projects are invalid: ${describeUnknown(strange, options)}`)
  if (dist !== undefined && version === undefined) throw refusal('You need to specify a release together with a dist')
  return { checksum, chunks, projects: slugs, ...(version && { release: version }), ...(dist && { dist }) }
}

/** 2 GiB in chunks of 32 KiB. */
const maxChunks = 65_536

function checkChunks({ checksum, chunks }: Record<string, unknown>): Pick<AssembleRequest, 'checksum' | 'chunks'> {
  if (!isSha1(checksum)) {
    throw refusal('The checksum field is required and must be a 40-character hexadecimal string.')
  }
  if (!Array.isArray(chunks) || !chunks.every(isSha1) || chunks.length > maxChunks) {
    throw refusal('The chunks field is required and must be provided as an array of 40-character hexadecimal strings.')
  }
  return { checksum, chunks }
}

function refusal(error: string): HttpProblem {
  return new HttpProblem(400, { error })
}
