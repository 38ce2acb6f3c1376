/** The repository and commit that a CI system says it builds. */
export interface CiCommit {
  /** Who says so, for people. */
  system: string
  /** `acme/shop`, or a URL of it. */
  repository: string
  commit: string
  /** Of the rollout before this one, where the system knows it. */
  previousCommit?: string
}

type Env = NodeJS.ProcessEnv

/** In this order: a CI that runs a host's command line may bear the host's variables too. Sources: each system's documentation. */
const SYSTEMS: readonly { system: string; read(env: Env): Partial<Record<keyof CiCommit, string | undefined>> }[] = [
  {
    system: 'GitHub Actions',
    read: env => ({
      repository: env.GITHUB_REPOSITORY && `${env.GITHUB_SERVER_URL || 'https://github.com'}/${env.GITHUB_REPOSITORY}`,
      commit: env.GITHUB_SHA,
    }),
  },
  {
    system: 'GitLab CI',
    read: env => ({
      repository: env.CI_PROJECT_URL || env.CI_PROJECT_PATH,
      commit: env.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA || env.CI_COMMIT_SHA,
    }),
  },
  { system: 'CircleCI', read: env => ({ repository: circleRepository(env), commit: env.CIRCLE_SHA1 }) },
  {
    system: 'Vercel',
    read: env => ({
      repository: vercelRepository(env),
      commit: env.VERCEL_GIT_COMMIT_SHA,
      // Elsewhere it is the branch's last preview, which is no release before this one.
      previousCommit: env.VERCEL_ENV === 'production' ? env.VERCEL_GIT_PREVIOUS_SHA : undefined,
    }),
  },
  {
    // Its COMMIT_REF alone would be anyone's.
    system: 'Netlify',
    read: env => ({ repository: env.NETLIFY && env.REPOSITORY_URL, commit: env.COMMIT_REF }),
  },
  {
    system: 'Azure Pipelines',
    read: env => ({ repository: env.BUILD_REPOSITORY_URI, commit: env.BUILD_SOURCEVERSION }),
  },
  {
    system: 'Bitbucket Pipelines',
    read: env => ({
      repository: env.BITBUCKET_GIT_HTTP_ORIGIN || env.BITBUCKET_REPO_FULL_NAME,
      commit: env.BITBUCKET_COMMIT,
    }),
  },
  {
    system: 'Render',
    read: env => ({ repository: env.RENDER_GIT_REPO_SLUG, commit: env.RENDER_GIT_COMMIT }),
  },
]

export function detectCommit(env: Env = process.env): CiCommit | undefined {
  for (const { system, read } of SYSTEMS) {
    const values = read(env)
    const repository = values.repository?.trim()
    const commit = values.commit?.trim()
    const previousCommit = values.previousCommit?.trim()
    if (!repository || !commit || !isHash(commit)) continue
    return { system, repository, commit, ...(previousCommit && isHash(previousCommit) && { previousCommit }) }
  }
  return undefined
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
