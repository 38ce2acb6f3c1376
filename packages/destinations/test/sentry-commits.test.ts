import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type SetCommits, setCommits } from '../src/sentry/release/commits.ts'
import { normalizeRemote } from '../src/sentry/release/remotes.ts'
import { makeFolder, makeRepository, removeFolders, type TestRepository } from './git-repository.ts'
import { sentryCli, startRecorder } from './sentry-recorder.ts'

const version = 'web@1.2.3'
const base = '/api/0/organizations/acme'
const reposCall = `GET ${base}/repos/?cursor=`
const previousCall = `GET ${base}/releases/${version}/previous-with-commits/`
const putCall = `PUT ${base}/releases/${version}/`
const sha = '4e2e20ab4e3fee1bb7a7bc410337f586ada3ffb2'
const provider = { id: 'integrations:github', name: 'GitHub' }
const known = {
  id: '9',
  name: 'acme/shop',
  url: 'https://github.com/acme/shop',
  provider,
  status: 'active',
  dateCreated: '2026-01-01T00:00:00Z',
}

let server: Awaited<ReturnType<typeof startRecorder>>
let repository: TestRepository
beforeEach(async () => {
  server = await startRecorder()
  repository = makeRepository()
})
afterEach(() => server.stop())
afterEach(removeFolders)

const path = { PATH: process.env.PATH }

function set(setting: SetCommits | undefined, root = repository.dir, env: NodeJS.ProcessEnv = path) {
  return setCommits(server.context, server.config, version, setting, { root, env })
}

function put(): unknown {
  return server.recorded.find(({ call }) => call === putCall)?.body
}

/** The commits that the server got. */
function commits(): { id: string; message: string; patch_set: { path: string; type: string }[] }[] {
  return (put() as { commits: never[] }).commits
}

function knows(...repositories: object[]): void {
  server.answers[reposCall] = { json: repositories }
}

function lastReleased(id: string): void {
  server.answers[previousCall] = { json: { version: 'prev', dateCreated: known.dateCreated, lastCommit: { id } } }
}

function makeShallow(depth = 1): string {
  const dir = join(makeFolder(), 'clone')
  repository.git('clone', '--quiet', '--depth', String(depth), pathToFileURL(repository.dir).href, dir)
  return dir
}

describe('the same requests as sentry-cli', () => {
  async function expectSame(root = repository.dir) {
    await set({ auto: true }, root)
    const ours = server.recorded.splice(0)
    await sentryCli(['releases', 'set-commits', '--auto', version], server.config, root)
    // It makes the release in between; ours is there already.
    const theirs = server.recorded.splice(0).filter(({ call }) => !call.startsWith('POST'))
    const shown = (requests: typeof ours) => requests.map(({ call, body }) => ({ call, body }))
    expect(shown(ours)).toEqual(shown(theirs))
    return ours.at(-1)?.body
  }

  it('for a repository that the server knows', async () => {
    knows({ ...known, name: 'acme/other', url: 'https://github.com/acme/other' }, known)
    repository.git('remote', 'add', 'origin', 'git@github.com:acme/shop.git')
    const commit = repository.commit('one', { 'a.txt': 'a' })
    expect(await expectSame()).toEqual({ refs: [{ repository: 'acme/shop', commit, previousCommit: null }] })
  })

  it('for commits since the previous release', async () => {
    lastReleased(repository.commit('one', { 'a.txt': 'a', 'b.txt': 'b', 'c.txt': 'c' }))
    repository.git('rm', '--quiet', 'b.txt')
    repository.git('mv', 'c.txt', 'd.txt')
    repository.commit('two\n\nbody "quoted"\t\\n', { 'a.txt': 'A', 'e/ü ü.txt': 'e', "f'$(x)`.txt": 'f' })
    repository.commit('three 🚢', { 'a.txt': 'AA' })
    expect(await expectSame()).toMatchObject({
      commits: [{ message: 'three 🚢\n' }, { author_name: 'Dev "One" Ünal' }],
    })
  })

  it('for a first release', async () => {
    for (let count = 1; count <= 25; count += 1) repository.commit(`commit ${count}`, { 'a.txt': `${count}` })
    const body = (await expectSame()) as { commits: unknown[] }
    expect(body.commits).toHaveLength(20)
  })

  it('for a range', async () => {
    knows(known)
    await set({ repository: 'acme/shop', commit: sha, previousCommit: '1'.repeat(40) })
    const ours = server.recorded.splice(0)
    const args = ['releases', 'set-commits', version, '--commit', `acme/shop@${'1'.repeat(40)}..${sha}`]
    await sentryCli(args, server.config, repository.dir)
    expect(ours.at(-1)?.body).toEqual(server.recorded.at(-1)?.body)
    expect(ours.map(({ call }) => call)).toEqual([reposCall, putCall])
  })
})

describe('commits of the local history', () => {
  it('keeps unusual paths and messages', async () => {
    const [line, bytes] = ['a\nb.txt', 'tab\there "q".txt']
    repository.commit('subject\n\n%H %x00 \u0001\nM\tfake.txt', { [line]: '1', [bytes]: '2', '-dash': '3' })
    await set({ auto: true })
    const [commit] = commits()
    expect(commit?.message).toBe('subject\n\n%H %x00 \u0001\nM\tfake.txt\n')
    expect(commit?.patch_set.map(({ path }) => path).sort()).toEqual(['-dash', line, bytes].sort())
  })

  it('gives a merge the files that it brought', async () => {
    const first = repository.commit('one', { 'a.txt': 'a' })
    repository.git('checkout', '--quiet', '-b', 'side')
    repository.commit('side', { 'side.txt': 's' })
    repository.git('checkout', '--quiet', 'main')
    repository.commit('two', { 'a.txt': 'A' })
    repository.git('merge', '--quiet', '--no-edit', 'side')
    lastReleased(first)
    await set({ auto: true })
    expect(commits()[0]).toMatchObject({ patch_set: [{ path: 'side.txt', type: 'A' }] })
    expect(commits()).toHaveLength(3)
  })

  it('heeds no setting of the user that changes git’s output', async () => {
    for (const [key, value] of [
      ['log.showSignature', 'true'],
      ['log.decorate', 'full'],
      ['color.ui', 'always'],
      ['diff.renames', 'copies'],
      ['i18n.logOutputEncoding', 'latin1'],
      ['core.quotePath', 'true'],
      ['log.showRoot', 'false'],
      ['log.date', 'relative'],
    ] as const) {
      repository.git('config', key, value)
    }
    const id = repository.commit('ünï', { 'ü.txt': 'a' })
    await set({ auto: true })
    expect(commits()).toEqual([
      {
        patch_set: [{ path: 'ü.txt', type: 'A' }],
        repository: 'origin',
        author_name: 'Dev "One" Ünal',
        author_email: 'dev@example.com',
        timestamp: expect.stringMatching(/^2026-01-01T\d\d:\d\d:00\+02:00$/),
        message: 'ünï\n',
        id,
      },
    ])
  })

  it('takes a file that became a link as changed', async () => {
    lastReleased(repository.commit('one', { a: 'a', b: 'b' }))
    repository.git('rm', '--quiet', 'a')
    repository.git('update-index', '--add', '--cacheinfo', `120000,${repository.git('rev-parse', 'HEAD:b')},a`)
    repository.git('commit', '--quiet', '-m', 'two')
    await set({ auto: true })
    expect(commits()[0]?.patch_set).toEqual([{ path: 'a', type: 'M' }])
  })
})

describe('a previous release', () => {
  it.each([
    ['amended', () => repository.dir, 'it was amended, squashed or is on another branch. Or set ignoreMissing.'],
    ['beyond a shallow clone', () => makeShallow(), 'which is a shallow clone. Clone more, as with "fetch-depth: 0"'],
  ])('whose last commit is missing, %s', async (_, root, message) => {
    const previous = repository.commit('one', { 'a.txt': 'a' })
    if (_ === 'amended') repository.git('commit', '--quiet', '--amend', '-m', 'ONE')
    repository.commit('two', { 'a.txt': 'A' })
    lastReleased(previous)
    await expect(set({ auto: true }, root())).rejects.toThrow(message)
    expect(put()).toBeUndefined()

    expect(await set({ auto: true, ignoreMissing: true }, root())).toMatch(/^\d commits?$/)
    expect(server.warnings).toEqual([expect.stringContaining('gets the newest commits instead, at most 20')])
  })

  it('of this very commit leaves nothing to set', async () => {
    lastReleased(repository.commit('one', { 'a.txt': 'a' }))
    expect(await set({ auto: true, ignoreEmpty: true })).toBeUndefined()
    expect(server.warnings).toEqual([])
    expect(await set({ auto: true })).toBeUndefined()
    expect(server.warnings).toEqual([expect.stringContaining('no commits since the previous release')])
    expect(put()).toBeUndefined()
  })
})

describe('a shallow clone', () => {
  it('is enough for a repository that the server knows', async () => {
    const commit = repository.commit('one', { 'a.txt': 'a' })
    knows({ ...known, url: pathToFileURL(repository.dir).href }, known)
    const dir = makeShallow()
    await set({ auto: true }, dir, { ...path, GITHUB_REPOSITORY: 'acme/shop', GITHUB_SHA: commit })
    expect(put()).toEqual({ refs: [{ repository: 'acme/shop', commit, previousCommit: null }] })
  })

  it('blames its oldest commit for nothing', async () => {
    repository.commit('one', { 'a.txt': 'a', 'b.txt': 'b' })
    repository.commit('two', { 'a.txt': 'A' })
    repository.commit('three', { 'b.txt': 'B' })
    await set({ auto: true }, makeShallow(2))
    expect(commits().map(({ patch_set }) => patch_set)).toEqual([[{ path: 'b.txt', type: 'M' }], []])
    expect(server.warnings).toEqual([expect.stringContaining('This is a shallow clone')])
  })
})

describe('without a repository', () => {
  it.each([
    ['no .git', () => makeFolder(), path, 'There is no git repository here'],
    ['no git command', () => repository.dir, { PATH: '/absent' }, 'The git command is not installed.'],
    ['a damaged one', () => damaged(), path, 'Git failed: fatal: '],
    ['one without commits', () => repository.dir, path, 'The git repository has no commit yet.'],
  ])('%s: an error if asked for, else a warning', async (_, root, env, message) => {
    await expect(set({ auto: true }, root(), env)).rejects.toThrow(message)
    expect(await set(undefined, root(), env)).toBeUndefined()
    expect(server.warnings).toEqual([expect.stringContaining(message)])
    expect(server.warnings[0]).toMatch(/^\[mapseal\] \[sentry\] Release web@1\.2\.3 has no commits: /)
    expect(put()).toBeUndefined()
  })

  function damaged(): string {
    const dir = makeFolder()
    writeFileSync(join(dir, '.git'), 'gitdir: /absent\n')
    return dir
  }

  const url = 'https://github.com/acme/shop'
  const previous = '2'.repeat(40)
  it.each<[string, NodeJS.ProcessEnv, string | null]>([
    ['GitHub', { GITHUB_REPOSITORY: 'acme/shop', GITHUB_SHA: sha, GITHUB_SERVER_URL: 'https://github.com' }, null],
    ['GitLab', { CI_PROJECT_URL: url, CI_PROJECT_PATH: 'acme/shop', CI_COMMIT_SHA: sha }, null],
    ['CircleCI', { CIRCLE_REPOSITORY_URL: 'git@github.com:acme/shop.git', CIRCLE_SHA1: sha }, null],
    ['CircleCI', { CIRCLE_PROJECT_USERNAME: 'acme', CIRCLE_PROJECT_REPONAME: 'shop', CIRCLE_SHA1: sha }, null],
    ['Vercel', { ...vercel(), VERCEL_ENV: 'production', VERCEL_GIT_PREVIOUS_SHA: previous }, previous],
    ['Vercel', { ...vercel(), VERCEL_ENV: 'preview', VERCEL_GIT_PREVIOUS_SHA: previous }, null],
    ['Netlify', { NETLIFY: 'true', REPOSITORY_URL: url, COMMIT_REF: sha }, null],
    ['Azure', { BUILD_REPOSITORY_URI: url, BUILD_SOURCEVERSION: sha }, null],
    ['Bitbucket', { BITBUCKET_REPO_FULL_NAME: 'acme/shop', BITBUCKET_COMMIT: sha }, null],
    ['Render', { RENDER_GIT_REPO_SLUG: 'acme/shop', RENDER_GIT_COMMIT: sha }, null],
  ])('%s says what it builds', async (_, env, previousCommit) => {
    knows(known)
    await set({ auto: true }, makeFolder(), env)
    expect(put()).toEqual({ refs: [{ repository: 'acme/shop', commit: sha, previousCommit }] })
    expect(server.warnings).toEqual([])
  })

  function vercel() {
    return {
      VERCEL_GIT_PROVIDER: 'github',
      VERCEL_GIT_REPO_OWNER: 'acme',
      VERCEL_GIT_REPO_SLUG: 'shop',
      VERCEL_GIT_COMMIT_SHA: sha,
    }
  }

  it('the CI’s repository is named where the server does not know it', async () => {
    const env = { GITHUB_REPOSITORY: 'acme/shop', GITHUB_SHA: sha }
    await expect(set({ auto: true }, makeFolder(), env)).rejects.toThrow(
      'GitHub Actions builds github.com/acme/shop without .git here, and the server knows no repository.',
    )
  })
})

describe('a setting', () => {
  it('of false asks nothing', async () => {
    expect(await set(false)).toBeUndefined()
    expect(server.recorded).toEqual([])
  })

  it('of none makes a refusal a warning', async () => {
    repository.commit('one', { 'a.txt': 'a' })
    server.answers[putCall] = { status: 403, json: { detail: 'No permission' } }
    expect(await set(undefined)).toBeUndefined()
    expect(server.warnings).toEqual([expect.stringContaining('answered 403 (No permission)')])
    await expect(set({ auto: true })).rejects.toMatchObject({ status: 403 })
  })

  it('ends with the delivery, though git hangs', async () => {
    const bin = makeFolder()
    const pidFile = join(bin, 'pid')
    writeFileSync(join(bin, 'git'), `#!/bin/sh\necho $$ > ${pidFile}\nexec sleep 600\n`, { mode: 0o755 })
    const controller = new AbortController()
    const context = { ...server.context, signal: controller.signal }
    const source = { root: repository.dir, env: { PATH: `${bin}:${process.env.PATH}` } }
    const setting = setCommits(context, server.config, version, undefined, source)
    await expect.poll(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8')).toMatch(/^\d+\n$/)
    controller.abort()
    await expect(setting).rejects.toThrow()
    const pid = Number(readFileSync(pidFile, 'utf8'))
    await expect.poll(() => isRunning(pid)).toBe(false)
    expect(server.recorded).toEqual([])
  })

  it('of a repository unknown to the server lists those it knows', async () => {
    knows(known)
    await expect(set({ repository: 'acme/web', commit: sha })).rejects.toThrow(
      'The server does not know the repository "acme/web". It knows acme/shop.',
    )
  })

  it('resolves names of commits', async () => {
    knows(known)
    const commit = repository.commit('one', { 'a.txt': 'a' })
    repository.git('tag', '-a', '-m', 'x', 'v1')
    await set({ repository: 'acme/shop', commit: 'HEAD', previousCommit: 'v1' })
    expect(put()).toEqual({ refs: [{ repository: 'acme/shop', commit, previousCommit: commit }] })
    for (const name of ['absent', '--output=x', 'a b', '']) {
      await expect(set({ repository: 'acme/shop', commit: name })).rejects.toThrow('The git repository has no commit')
    }
  })

  it('reads all pages of repositories', async () => {
    repository.git('remote', 'add', 'origin', 'https://user:secret@GitHub.com:443/Acme/Shop.git/')
    const commit = repository.commit('one', { 'a.txt': 'a' })
    const link = `<${server.config.url}/x>; rel="previous"; results="false"; cursor="0:0:1", <${server.config.url}/y>; rel="next"; results="true"; cursor="0:100:0"`
    server.answers[reposCall] = { json: [], headers: { Link: link } }
    server.answers[`GET ${base}/repos/?cursor=0%3A100%3A0`] = { json: [known] }
    await set({ auto: true })
    expect(put()).toEqual({ refs: [{ repository: 'acme/shop', commit, previousCommit: null }] })
  })

  it('prefers origin, and takes another remote that is known', async () => {
    repository.commit('one', { 'a.txt': 'a' })
    repository.git('config', 'url.https://github.com/.insteadOf', 'gh:')
    repository.git('remote', 'add', 'fork', 'https://github.com/me/shop')
    repository.git('remote', 'add', 'origin', 'gh:acme/shop')
    knows({ ...known, name: 'me/shop', url: 'https://github.com/me/shop' }, known)
    expect(await set({ auto: true })).toMatch(/^commits up to acme\/shop@/)
    knows({ ...known, name: 'me/shop', url: 'https://github.com/me/shop' })
    expect(await set({ auto: true })).toMatch(/^commits up to me\/shop@/)
  })

  it('works with servers that keep neither repositories nor previous releases', async () => {
    repository.commit('one', { 'a.txt': 'a' })
    server.answers[reposCall] = { status: 404 }
    server.answers[previousCall] = { status: 404 }
    expect(await set({ auto: true })).toBe('1 commit')
  })
})

it.each([
  ['https://github.com/acme/shop', 'github.com/acme/shop'],
  ['https://user:pass@GitHub.com/Acme/Shop.git', 'github.com/acme/shop'],
  ['git@github.com:acme/shop.git', 'github.com/acme/shop'],
  ['ssh://git@ssh.github.com:443/acme/shop.git', 'github.com/acme/shop'],
  ['git+ssh://git@github.com/acme/shop.git', 'github.com/acme/shop'],
  ['git://github.com/acme/shop', 'github.com/acme/shop'],
  ['github.com:acme/shop', 'github.com/acme/shop'],
  ['ssh://git@gitlab.acme.example:2222/web/apps/shop.git/', 'gitlab.acme.example/web/apps/shop'],
  ['git@gitlab.acme.example:web/apps/shop', 'gitlab.acme.example/web/apps/shop'],
  ['https://bitbucket.acme.example/scm/web/shop.git', 'bitbucket.acme.example/web/shop'],
  ['https://bitbucket.acme.example/projects/WEB/repos/shop/browse', 'bitbucket.acme.example/web/shop'],
  ['git@ssh.dev.azure.com:v3/acme/My%20Web/shop', 'dev.azure.com/acme/my web/shop'],
  ['https://acme@dev.azure.com/acme/My%20Web/_git/shop', 'dev.azure.com/acme/my web/shop'],
  ['https://acme.visualstudio.com/DefaultCollection/web/_git/shop', 'dev.azure.com/acme/web/shop'],
  ['https://acme.visualstudio.com/_git/shop', 'dev.azure.com/acme/shop/shop'],
  ['https://github.com/acme/100%shop', 'github.com/acme/100%shop'],
  ['/srv/git/shop.git', undefined],
  ['C:\\git\\shop', undefined],
  ['file:///srv/git/shop.git', undefined],
])('%s is %s', (url, expected) => {
  expect(normalizeRemote(url)).toBe(expected)
})

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
