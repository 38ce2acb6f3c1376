/** The repository and commit that a CI system builds, by its variables. */
export interface CiCommit {
  /** The system's name, for people. */
  system: string
  /** `acme/shop`, or a URL of it. */
  repository: string
  commit: string
  /** The commit of the rollout before this one, where the system knows it. */
  previousCommit?: string
}

type Env = NodeJS.ProcessEnv

interface CiSystem {
  name: string
  /** Variables that hold the commit. A pull request's own commit comes before the merge commit that was checked out. */
  commit: string[]
  /** Variables that hold the branch; a pull request's own before what it is merged into. */
  branch?: string[]
  repository?(env: Env): string | undefined
  previousCommit?(env: Env): string | undefined
}

/**
 * By order of precedence: CI systems before the hosts whose command line they may run, whose variables are then set too, and
 * variables that any tool may set last.
 * Sources: each system's documentation of its predefined variables.
 */
const SYSTEMS: readonly CiSystem[] = [
  {
    name: 'GitHub Actions', // Gitea and Forgejo too.
    commit: ['GITHUB_SHA'],
    branch: ['GITHUB_HEAD_REF', 'GITHUB_REF_NAME'],
    repository: env =>
      env.GITHUB_REPOSITORY && `${env.GITHUB_SERVER_URL || 'https://github.com'}/${env.GITHUB_REPOSITORY}`,
  },
  {
    name: 'GitLab CI', // Woodpecker too. CI_BUILD_REF: GitLab before 9.
    commit: ['CI_MERGE_REQUEST_SOURCE_BRANCH_SHA', 'CI_COMMIT_SHA', 'CI_BUILD_REF'],
    branch: ['CI_MERGE_REQUEST_SOURCE_BRANCH_NAME', 'CI_COMMIT_REF_NAME'],
    repository: env => env.CI_PROJECT_URL || env.CI_PROJECT_PATH,
  },
  {
    name: 'Bitbucket Pipelines',
    commit: ['BITBUCKET_COMMIT'],
    branch: ['BITBUCKET_BRANCH'],
    repository: env => env.BITBUCKET_GIT_HTTP_ORIGIN || env.BITBUCKET_REPO_FULL_NAME,
  },
  {
    name: 'AppVeyor',
    commit: ['APPVEYOR_PULL_REQUEST_HEAD_COMMIT', 'APPVEYOR_REPO_COMMIT'],
    branch: ['APPVEYOR_PULL_REQUEST_HEAD_REPO_BRANCH', 'APPVEYOR_REPO_BRANCH'],
  },
  { name: 'AWS CodeBuild', commit: ['CODEBUILD_RESOLVED_SOURCE_VERSION'] },
  { name: 'AWS Amplify', commit: ['AWS_COMMIT_ID'], branch: ['AWS_BRANCH'] },
  {
    name: 'Azure Pipelines',
    commit: ['BUILD_SOURCEVERSION'],
    branch: ['SYSTEM_PULLREQUEST_SOURCEBRANCHNAME', 'BUILD_SOURCEBRANCHNAME'],
    repository: env => env.BUILD_REPOSITORY_URI,
  },
  { name: 'Bitrise', commit: ['GIT_CLONE_COMMIT_HASH'], branch: ['BITRISE_GIT_BRANCH'] },
  { name: 'Buddy', commit: ['BUDDY_EXECUTION_REVISION'], branch: ['BUDDY_EXECUTION_BRANCH'] },
  { name: 'Buildkite', commit: ['BUILDKITE_COMMIT'], branch: ['BUILDKITE_BRANCH'] },
  { name: 'CircleCI', commit: ['CIRCLE_SHA1'], branch: ['CIRCLE_BRANCH'], repository: circleRepository },
  { name: 'Cirrus CI', commit: ['CIRRUS_CHANGE_IN_REPO'], branch: ['CIRRUS_BRANCH'] },
  { name: 'Cloudflare Pages', commit: ['CF_PAGES_COMMIT_SHA'], branch: ['CF_PAGES_BRANCH'] },
  { name: 'Cloudflare Workers Builds', commit: ['WORKERS_CI_COMMIT_SHA'], branch: ['WORKERS_CI_BRANCH'] },
  { name: 'Codefresh', commit: ['CF_REVISION'], branch: ['CF_BRANCH'] },
  { name: 'Codemagic', commit: ['CM_COMMIT'], branch: ['CM_BRANCH'] },
  { name: 'Drone', commit: ['DRONE_COMMIT_SHA'], branch: ['DRONE_SOURCE_BRANCH', 'DRONE_BRANCH'] },
  { name: 'Flightcontrol', commit: ['FC_GIT_COMMIT_SHA'] },
  { name: 'Heroku', commit: ['HEROKU_TEST_RUN_COMMIT_VERSION', 'HEROKU_BUILD_COMMIT', 'HEROKU_SLUG_COMMIT'] },
  { name: 'Railway', commit: ['RAILWAY_GIT_COMMIT_SHA'], branch: ['RAILWAY_GIT_BRANCH'] },
  {
    name: 'Render',
    commit: ['RENDER_GIT_COMMIT'],
    branch: ['RENDER_GIT_BRANCH'],
    repository: env => env.RENDER_GIT_REPO_SLUG,
  },
  { name: 'Semaphore', commit: ['SEMAPHORE_GIT_SHA'], branch: ['SEMAPHORE_GIT_PR_BRANCH', 'SEMAPHORE_GIT_BRANCH'] },
  {
    name: 'Travis CI',
    commit: ['TRAVIS_PULL_REQUEST_SHA', 'TRAVIS_COMMIT'],
    branch: ['TRAVIS_PULL_REQUEST_BRANCH', 'TRAVIS_BRANCH'],
  },
  {
    name: 'Vercel',
    commit: ['VERCEL_GIT_COMMIT_SHA'],
    branch: ['VERCEL_GIT_COMMIT_REF'],
    repository: vercelRepository,
    // Elsewhere it is the last preview of the branch, not the release before this one.
    previousCommit: env => (env.VERCEL_ENV === 'production' ? env.VERCEL_GIT_PREVIOUS_SHA : undefined),
  },
  { name: 'Expo EAS', commit: ['EAS_BUILD_GIT_COMMIT_HASH'] },
  { name: 'TeamCity', commit: ['BUILD_VCS_NUMBER'] },
  { name: 'GoCD', commit: ['GO_REVISION'] },
  { name: 'CodeShip', commit: ['CI_COMMIT_ID'], branch: ['CI_BRANCH'] },
  { name: 'Jenkins', commit: ['GIT_COMMIT'], branch: ['CHANGE_BRANCH', 'BRANCH_NAME', 'GIT_BRANCH'] },
  {
    name: 'Netlify',
    commit: ['NETLIFY_COMMIT_REF', 'COMMIT_REF'],
    // COMMIT_REF alone may be any tool's.
    repository: env => env.NETLIFY && env.REPOSITORY_URL,
  },
  { name: 'Docker Hub or Coolify', commit: ['SOURCE_COMMIT'] },
  { name: 'Heroku', commit: ['SOURCE_VERSION'] },
]

/** The variables in which CI systems and hosts name the commit, by order of precedence. */
export const commitVariables: readonly string[] = SYSTEMS.flatMap(({ commit }) => commit)

/** Finds the repository and commit of a build where its `.git` may be absent. Undefined where no system names both. */
export function detectCommit(env: Env = process.env): CiCommit | undefined {
  for (const system of SYSTEMS) {
    const repository = system.repository?.(env)?.trim()
    const commit = firstOf(env, system.commit)
    const previousCommit = system.previousCommit?.(env)?.trim()
    if (!repository || !commit || !isHash(commit)) continue
    const previous = previousCommit && isHash(previousCommit) ? { previousCommit } : {}
    return { system: system.name, repository, commit, ...previous }
  }
  return undefined
}

/** The commit that is built, and its branch, as far as variables say. */
export function namedCommit(env: Env): { sha?: string; branch?: string } {
  for (const system of SYSTEMS) {
    const sha = firstOf(env, system.commit)
    if (!sha || !isHash(sha)) continue
    const branch = firstOf(env, system.branch ?? [])
    return { sha, ...(branch && { branch }) }
  }
  return {}
}

function firstOf(env: Env, names: readonly string[]): string | undefined {
  return names.map(name => env[name]?.trim()).find(Boolean)
}

function circleRepository(env: Env): string | undefined {
  if (env.CIRCLE_REPOSITORY_URL) return env.CIRCLE_REPOSITORY_URL
  const { CIRCLE_PROJECT_USERNAME: owner, CIRCLE_PROJECT_REPONAME: name } = env
  return owner && name && `${owner}/${name}`
}

function vercelRepository(env: Env): string | undefined {
  const { VERCEL_GIT_REPO_OWNER: owner, VERCEL_GIT_REPO_SLUG: slug, VERCEL_GIT_PROVIDER: provider } = env
  const host = { github: 'github.com', gitlab: 'gitlab.com', bitbucket: 'bitbucket.org' }[provider ?? '']
  if (!owner || !slug) return undefined
  return host ? `https://${host}/${owner}/${slug}` : `${owner}/${slug}`
}

function isHash(text: string): boolean {
  return /^[0-9a-f]{7,64}$/i.test(text)
}
