import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { planOf } from '../src/plan.ts'
import { type Bundler, build, buildAgain, makeProject, reaching, run, startRecorder } from './build.ts'
import { server, useRecorder } from './recorder.ts'

/** The options of `release`, each by its name. */

useRecorder()

/** With the release's options over those that switch off commits. */
const withRelease = (release: string, more = {}) =>
  build({ bundler: 'rollup', options: `{ ...${reaching(server)}, release: ${release} }`, ...more })
const requestsTo = (pattern: RegExp) =>
  server.requests.filter(({ method, path }) => pattern.test(`${method} ${path}`)).map(({ json }) => json)

test('name: is that of the release, the upload and the code', async () => {
  const { dir } = await withRelease(`{ name: 'shop@2', setCommits: false }`)
  expect(requestsTo(/^POST .*\/releases\/$/)).toMatchObject([{ version: 'shop@2', projects: ['web'] }])
  expect([...server.bundles.values()][0]?.associations).toMatchObject([{ version: 'shop@2' }])
  expect((await run(dir)).SENTRY_RELEASE).toEqual({ id: 'shop@2' })
})

test('name: the variable, the CI, then git', async () => {
  const options = '{ setCommits: false }'
  const { dir } = await withRelease(options, { env: { SENTRY_RELEASE: 'from-variable' } })
  expect((await run(dir)).SENTRY_RELEASE).toEqual({ id: 'from-variable' })
  const ci = await withRelease(options, { env: { SENTRY_RELEASE: ' ', GITHUB_SHA: 'c0ffee' } })
  expect((await run(ci.dir)).SENTRY_RELEASE).toEqual({ id: 'c0ffee' })
})

test('name: without any, no release is made, and files are uploaded for none', async () => {
  const { code, stderr, dir } = await withRelease('{ setCommits: false }')
  expect(code, stderr).toBe(0)
  expect((await run(dir)).SENTRY_RELEASE).toBeUndefined()
  expect([...server.bundles.values()][0]?.associations).toEqual([{ projects: ['web'] }])
  expect(requestsTo(/\/releases\//)).toEqual([])
})

test('inject: false leaves it out of the code alone', async () => {
  const { dir, files } = await withRelease(`{ name: '1.4.0', inject: false, setCommits: false }`)
  expect((await run(dir)).SENTRY_RELEASE).toBeUndefined()
  expect([...files.values()].join('')).not.toContain('1.4.0')
  expect(requestsTo(/^POST .*\/releases\/$/)).toMatchObject([{ version: '1.4.0' }])
  expect([...server.bundles.values()][0]?.associations).toMatchObject([{ version: '1.4.0' }])
})

test('create: false makes none, and does the rest', async () => {
  await withRelease(`{ name: '1.4.0', create: false, setCommits: false }`)
  expect(requestsTo(/^POST .*\/releases\/$/)).toEqual([])
  expect(requestsTo(/^PUT .*\/releases\/1\.4\.0\/$/)).toMatchObject([{ dateReleased: expect.any(String) }])
})

test('finalize: false sets no date', async () => {
  await withRelease(`{ name: '1.4.0', finalize: false, setCommits: false }`)
  expect(requestsTo(/^PUT /)).toEqual([])
})

test('dist: is that of the upload', async () => {
  await withRelease(`{ name: '1.4.0', dist: 'web-7', setCommits: false }`)
  expect([...server.bundles.values()][0]?.associations).toEqual([
    { projects: ['web'], version: '1.4.0', dist: 'web-7' },
  ])
})

/** A project with one commit and two remotes, and a server that knows the second. */
async function buildInGit(
  release: string,
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; stderr: string; head: string }> {
  const own = await startRecorder({
    intercept: ({ path }) =>
      /\/repos\//.test(path)
        ? {
            status: 200,
            body: [{ id: '1', name: 'acme/fork', url: 'https://github.com/acme/fork', provider: { id: 'github' } }],
          }
        : undefined,
  })
  try {
    const project = { bundler: 'rollup' as Bundler, env, options: `{ ...${reaching(own)}, release: ${release} }` }
    const dir = await makeProject(project)
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], {
        cwd: dir,
        encoding: 'utf8',
      })
    git('add', '.')
    git('commit', '--quiet', '-m', 'one')
    git('remote', 'add', 'origin', 'https://github.com/acme/unknown.git')
    git('remote', 'add', 'fork', 'https://github.com/acme/fork.git')
    const outcome = await buildAgain(dir, project)
    server.requests.push(...own.requests)
    return { ...outcome, head: git('rev-parse', 'HEAD').trim() }
  } finally {
    await own.close()
  }
}

test('setCommits: auto sends the head of the repository that the server knows', async () => {
  const { code, stderr, head } = await buildInGit(`{ name: '1', setCommits: { auto: true } }`)
  expect(code, stderr).toBe(0)
  expect(requestsTo(/^PUT /)).toContainEqual({
    refs: [{ repository: 'acme/fork', commit: head, previousCommit: null }],
  })
})

test('setCommits: repo, commit and previousCommit as they are given', async () => {
  const commits = `{ repo: 'acme/fork', commit: 'aaaaaaa', previousCommit: 'bbbbbbb' }`
  const { code, stderr } = await buildInGit(`{ name: '1', setCommits: ${commits} }`)
  expect(code, stderr).toBe(0)
  const refs = [{ repository: 'acme/fork', commit: 'aaaaaaa', previousCommit: 'bbbbbbb' }]
  expect(requestsTo(/^PUT /)).toContainEqual({ refs })
})

test('setCommits: what was asked for and cannot be set is an error, what was not asked for a warning', async () => {
  const noCommit = await withRelease(`{ name: '1', setCommits: { auto: true } }`)
  expect(noCommit.code).toBe(1)
  const byDefault = await withRelease(`{ name: '1' }`)
  expect(byDefault.code, byDefault.stderr).toBe(0)
  expect(byDefault.stderr).toContain('Release 1 has no commits')
})

describe('setCommits: ignoreMissing and ignoreEmpty', () => {
  test('reach the destination', () => {
    const details = { auto: true, ignoreMissing: true, ignoreEmpty: true } as const
    expect(() => planOf({ release: { setCommits: details } })).not.toThrow()
  })

  test('a lost predecessor is an error without, and the newest commits with it', async () => {
    const previous = { status: 200, body: { lastCommit: { id: 'f'.repeat(40) } } }
    const own = await startRecorder({
      intercept: ({ path }) => (/previous-with-commits/.test(path) ? previous : undefined),
    })
    const outcomes = []
    for (const leniency of ['', 'ignoreMissing: true']) {
      const project = {
        bundler: 'rollup' as Bundler,
        options: `{ ...${reaching(own)}, release: { name: '1', setCommits: { auto: true, ${leniency} } } }`,
      }
      const dir = await makeProject(project)
      const git = (...args: string[]) =>
        execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], { cwd: dir })
      git('add', '.')
      git('commit', '--quiet', '-m', 'one')
      outcomes.push((await buildAgain(dir, project)).code)
    }
    await own.close()
    expect(outcomes).toEqual([1, 0])
  })
})

test.each([
  [{ setCommits: {} }, '"release.setCommits" needs "auto: true", or "repo" and "commit".'],
  [{ setCommits: { repo: 'acme/shop' } }, '"release.setCommits" needs "auto: true", or "repo" and "commit".'],
  [{ deploy: {} }, '"release.deploy" needs "env"'],
  [{ deploy: { env: 'production', started: 'yesterday' } }, '"release.deploy.started" takes seconds since 1970'],
])('setCommits and deploy: %j is refused', (release, message) => {
  expect(() => planOf({ release: release as never })).toThrow(message)
})

test('vcsRemote: the remote whose repository is taken, by option and by variable', async () => {
  const commitsOf = async (release: string, env?: NodeJS.ProcessEnv) => {
    server.clear()
    const { code, stderr } = await buildInGit(release, env)
    expect(code, stderr).toBe(0)
    return requestsTo(/^PUT /)
  }
  const known = await commitsOf(`{ name: '1', setCommits: { auto: true }, vcsRemote: 'fork' }`)
  const ofFork = { refs: [expect.objectContaining({ repository: 'acme/fork' })] }
  expect(known).toContainEqual(ofFork)
  const auto = `{ name: '1', setCommits: { auto: true } }`
  expect(await commitsOf(auto, { SENTRY_VSC_REMOTE: 'fork' })).toContainEqual(ofFork)
})

test('deploy: all of its fields, seconds as ISO 8601', async () => {
  const deploy = `{ env: 'production', started: 1700000000, finished: '2023-11-14T22:14:20Z', name: 'blue', url: 'https://acme.example' }`
  await withRelease(`{ name: '1', setCommits: false, deploy: ${deploy} }`)
  expect(requestsTo(/\/deploys\/$/)).toEqual([
    {
      environment: 'production',
      name: 'blue',
      url: 'https://acme.example',
      dateStarted: '2023-11-14T22:13:20.000Z',
      dateFinished: '2023-11-14T22:14:20.000Z',
      projects: ['web'],
    },
  ])
})

test('deploy: time is how long it took', async () => {
  await withRelease(`{ name: '1', setCommits: false, deploy: { env: 'staging', time: 60, finished: 1700000060 } }`)
  expect(requestsTo(/\/deploys\/$/)).toMatchObject([
    { dateStarted: '2023-11-14T22:13:20.000Z', dateFinished: '2023-11-14T22:14:20.000Z' },
  ])
})

test('deploy: what the host reports, and false for none', async () => {
  const env = { VERCEL: '1', VERCEL_ENV: 'production', VERCEL_TARGET_ENV: 'production', VERCEL_URL: 'shop.vercel.app' }
  await withRelease(`{ name: '1', setCommits: false }`, { env })
  expect(requestsTo(/\/deploys\/$/)).toMatchObject([{ environment: 'production', url: 'https://shop.vercel.app' }])
  server.clear()
  await withRelease(`{ name: '1', setCommits: false, deploy: false }`, { env })
  expect(requestsTo(/\/deploys\/$/)).toEqual([])
})
