import type { Handler, Method, Route } from '../http/route.ts'
import { assembleBundle, assembleRelease } from './assemble-routes.ts'
import { chunkOptions, chunkUpload } from './chunk-upload.ts'
import {
  apiInfo,
  organizationInfo,
  organizationList,
  projectInfo,
  projectKeys,
  projectList,
  regionInfo,
  regionList,
  repositoryList,
} from './organization.ts'
import { releaseFileDelete, releaseFileInfo, releaseFileList, releaseFileUpload } from './release-files.ts'
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

/** Sentry's API as far as upload clients ask for it. No client follows redirects, so every path ends as they send it. */
export const routes: Route[] = [
  at('GET', '', apiInfo),
  at('GET', 'users/me/regions/', regionList),
  at('GET', 'organizations/', organizationList),
  at('GET', 'organizations/:org/', organizationInfo),
  at('GET', 'organizations/:org/region/', regionInfo),
  at('GET', 'organizations/:org/projects/', projectList),
  at('GET', 'organizations/:org/repos/', repositoryList),
  at('GET', 'projects/:org/:project/', projectInfo),
  at('GET', 'projects/:org/:project/keys/', projectKeys),

  at('GET', 'organizations/:org/chunk-upload/', chunkOptions),
  at('POST', 'organizations/:org/chunk-upload/', chunkUpload),
  at('POST', 'organizations/:org/artifactbundle/assemble/', assembleBundle),
  at('POST', 'organizations/:org/releases/:version/assemble/', assembleRelease),

  at('GET', 'organizations/:org/releases/:version/previous-with-commits/', previousWithCommits),
  at('GET', 'organizations/:org/releases/:version/deploys/', deployList),
  at('POST', 'organizations/:org/releases/:version/deploys/', createDeploy),
  ...['organizations/:org/', 'projects/:org/:project/'].flatMap(scope => [
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

function at(method: Method, path: string, handle: Handler): Route {
  const pattern = path.replace(/:(\w+)/g, '(?<$1>[^/]+)')
  return { method, path: new RegExp(`^/api/0/${pattern}$`), access: 'write', handle }
}
