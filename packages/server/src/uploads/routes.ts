import type { Answer } from '../http/answer.ts'
import type { Request } from '../http/request.ts'
import type { Method, Route } from '../http/route.ts'
import { type AssembleServices, assembleBundle, assembleRelease } from './assemble-routes.ts'
import { type ChunkUploadServices, chunkOptions, chunkUpload } from './chunk-upload.ts'
import {
  apiInfo,
  type KeyServices,
  organizationInfo,
  organizationList,
  projectInfo,
  projectKeys,
  projectList,
  regionInfo,
  regionList,
  repositoryList,
} from './organization.ts'
import {
  type ReleaseFileServices,
  releaseFileDelete,
  releaseFileInfo,
  releaseFileList,
  releaseFileUpload,
} from './release-files.ts'
import {
  createDeploy,
  createRelease,
  deleteRelease,
  deployList,
  previousWithCommits,
  releaseCommits,
  releaseInfo,
  releaseList,
  updateRelease,
} from './releases.ts'

/** Each handler takes the ones that it uses. */
export type UploadServices = KeyServices & AssembleServices & ChunkUploadServices & ReleaseFileServices

/** Sentry's API as far as upload clients use it. No client follows redirects, so every path ends as they send it. */
export function uploadRoutes(services: UploadServices): Route[] {
  const at = (
    method: Method,
    path: string,
    handle: (request: Request, services: UploadServices) => Promise<Answer>,
  ): Route => ({
    method,
    path,
    access: 'write',
    handle: request => handle(request, services),
  })

  return [
    at('GET', '/api/0/', apiInfo),
    at('GET', '/api/0/users/me/regions/', regionList),
    at('GET', '/api/0/organizations/', organizationList),
    at('GET', '/api/0/organizations/:org/', organizationInfo),
    at('GET', '/api/0/organizations/:org/region/', regionInfo),
    at('GET', '/api/0/organizations/:org/projects/', projectList),
    at('GET', '/api/0/organizations/:org/repos/', repositoryList),
    at('GET', '/api/0/projects/:org/:project/', projectInfo),
    at('GET', '/api/0/projects/:org/:project/keys/', projectKeys),

    at('GET', '/api/0/organizations/:org/chunk-upload/', chunkOptions),
    at('POST', '/api/0/organizations/:org/chunk-upload/', chunkUpload),
    at('POST', '/api/0/organizations/:org/artifactbundle/assemble/', assembleBundle),
    at('POST', '/api/0/organizations/:org/releases/:version/assemble/', assembleRelease),

    at('GET', '/api/0/organizations/:org/releases/:version/previous-with-commits/', previousWithCommits),
    at('GET', '/api/0/organizations/:org/releases/:version/deploys/', deployList),
    at('POST', '/api/0/organizations/:org/releases/:version/deploys/', createDeploy),
    ...['/api/0/organizations/:org/', '/api/0/projects/:org/:project/'].flatMap(scope => [
      at('GET', `${scope}releases/`, releaseList),
      at('POST', `${scope}releases/`, createRelease),
      at('GET', `${scope}releases/:version/`, releaseInfo),
      at('PUT', `${scope}releases/:version/`, updateRelease),
      at('DELETE', `${scope}releases/:version/`, deleteRelease),
      at('GET', `${scope}releases/:version/commits/`, releaseCommits),
      at('GET', `${scope}releases/:version/files/`, releaseFileList),
      at('POST', `${scope}releases/:version/files/`, releaseFileUpload),
      at('GET', `${scope}releases/:version/files/:file/`, releaseFileInfo),
      at('DELETE', `${scope}releases/:version/files/:file/`, releaseFileDelete),
    ]),
  ]
}
