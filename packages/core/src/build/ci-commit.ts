/**
 * The variables in which CI systems and hosts name the commit, by order of precedence: those of one system each, then the
 * generic ones. A pull request's own commit comes before the merge commit that was checked out.
 * Sources: each system's documentation of its predefined variables.
 */
export const commitVariables: readonly string[] = [
  'GITHUB_SHA', // GitHub Actions, Gitea, Forgejo
  'CI_MERGE_REQUEST_SOURCE_BRANCH_SHA', // GitLab, merged-results pipelines
  'CI_COMMIT_SHA', // GitLab, Woodpecker
  'CI_BUILD_REF', // GitLab before 9
  'BITBUCKET_COMMIT',
  'APPVEYOR_PULL_REQUEST_HEAD_COMMIT',
  'APPVEYOR_REPO_COMMIT',
  'CODEBUILD_RESOLVED_SOURCE_VERSION', // AWS CodeBuild
  'AWS_COMMIT_ID', // AWS Amplify
  'BUILD_SOURCEVERSION', // Azure Pipelines
  'GIT_CLONE_COMMIT_HASH', // Bitrise
  'BUDDY_EXECUTION_REVISION',
  'BUILDKITE_COMMIT',
  'CIRCLE_SHA1',
  'CIRRUS_CHANGE_IN_REPO',
  'CF_PAGES_COMMIT_SHA', // Cloudflare Pages
  'WORKERS_CI_COMMIT_SHA', // Cloudflare Workers Builds
  'CF_REVISION', // Codefresh
  'CM_COMMIT', // Codemagic
  'DRONE_COMMIT_SHA',
  'FC_GIT_COMMIT_SHA', // Flightcontrol
  'HEROKU_TEST_RUN_COMMIT_VERSION',
  'HEROKU_BUILD_COMMIT',
  'HEROKU_SLUG_COMMIT',
  'RAILWAY_GIT_COMMIT_SHA',
  'RENDER_GIT_COMMIT',
  'SEMAPHORE_GIT_SHA',
  'TRAVIS_PULL_REQUEST_SHA',
  'TRAVIS_COMMIT',
  'VERCEL_GIT_COMMIT_SHA',
  'NETLIFY_COMMIT_REF',
  'EAS_BUILD_GIT_COMMIT_HASH', // Expo
  'BUILD_VCS_NUMBER', // TeamCity
  'GO_REVISION', // GoCD
  'CI_COMMIT_ID', // CodeShip
  'GIT_COMMIT', // Jenkins
  'COMMIT_REF', // Netlify
  'SOURCE_COMMIT', // Docker Hub, Coolify
  'SOURCE_VERSION', // Heroku
]
