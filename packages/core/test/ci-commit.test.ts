import { expect, test } from 'vitest'
import { commitVariables, detectCommit } from '../src/build/ci-commit.ts'

const commit = 'c0ffee1'.repeat(5)

test.each([
  ['GitHub Actions', { GITHUB_REPOSITORY: 'acme/shop', GITHUB_SHA: commit }, 'https://github.com/acme/shop'],
  [
    'GitLab CI',
    { CI_PROJECT_URL: 'https://gitlab.com/acme/shop', CI_COMMIT_SHA: commit },
    'https://gitlab.com/acme/shop',
  ],
  [
    'Azure Pipelines',
    { BUILD_REPOSITORY_URI: 'https://dev.azure.com/acme/_git/shop', BUILD_SOURCEVERSION: commit },
    'https://dev.azure.com/acme/_git/shop',
  ],
  ['Bitbucket Pipelines', { BITBUCKET_REPO_FULL_NAME: 'acme/shop', BITBUCKET_COMMIT: commit }, 'acme/shop'],
  ['CircleCI', { CIRCLE_PROJECT_USERNAME: 'acme', CIRCLE_PROJECT_REPONAME: 'shop', CIRCLE_SHA1: commit }, 'acme/shop'],
  ['Render', { RENDER_GIT_REPO_SLUG: 'acme/shop', RENDER_GIT_COMMIT: commit }, 'acme/shop'],
  [
    'Netlify',
    { NETLIFY: 'true', REPOSITORY_URL: 'https://github.com/acme/shop', COMMIT_REF: commit },
    'https://github.com/acme/shop',
  ],
] as const)('%s names its repository and commit', (system, env, repository) => {
  expect(detectCommit(env)).toEqual({ system, repository, commit })
})

test('a merge request is built at its own commit, not at the merge commit', () => {
  const env = {
    CI_PROJECT_PATH: 'acme/shop',
    CI_COMMIT_SHA: 'a'.repeat(40),
    CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: commit,
  }
  expect(detectCommit(env)).toMatchObject({ commit })
})

test('Vercel names the commit before it in production alone', () => {
  const env = { VERCEL_GIT_REPO_OWNER: 'acme', VERCEL_GIT_REPO_SLUG: 'shop', VERCEL_GIT_PROVIDER: 'github' }
  const shas = { VERCEL_GIT_COMMIT_SHA: commit, VERCEL_GIT_PREVIOUS_SHA: 'a'.repeat(40) }
  const found = { system: 'Vercel', repository: 'https://github.com/acme/shop', commit }
  expect(detectCommit({ ...env, ...shas, VERCEL_ENV: 'preview' })).toEqual(found)
  expect(detectCommit({ ...env, ...shas, VERCEL_ENV: 'production' })).toEqual({
    ...found,
    previousCommit: 'a'.repeat(40),
  })
})

test.each([
  ['nothing', {}],
  ['a system that does not name its repository', { GIT_COMMIT: commit, TEAMCITY_VERSION: '2025.07' }],
  ['a template that was not filled in', { GITHUB_REPOSITORY: 'acme/shop', GITHUB_SHA: '$GITHUB_SHA' }],
  ['a blank repository', { NETLIFY: 'true', REPOSITORY_URL: ' ', COMMIT_REF: commit }],
  ['a COMMIT_REF outside Netlify', { REPOSITORY_URL: 'https://github.com/acme/shop', COMMIT_REF: commit }],
])('%s is not enough', (_, env) => {
  expect(detectCommit(env)).toBeUndefined()
})

test('no variable stands in the table twice', () => {
  expect(commitVariables).toEqual([...new Set(commitVariables)])
})
