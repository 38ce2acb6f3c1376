import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { detectDeploy, markDeploy } from '../src/sentry/release/deploys.ts'
import { createRelease, finalizeRelease } from '../src/sentry/release/releases.ts'
import { makeFolder, removeFolders } from './git-repository.ts'
import { sentryCli, startRecorder, token } from './sentry-recorder.ts'

let server: Awaited<ReturnType<typeof startRecorder>>
beforeEach(async () => {
  server = await startRecorder()
})
afterEach(() => server.stop())
afterEach(removeFolders)

const time = '2026-11-21T10:15:00.000Z'

describe('the same requests as sentry-cli', () => {
  const names = ['web@1.2.3', '1.4.0+build 7', 'ünï%41?#']

  it.each(names)('creates release %s', async version => {
    await createRelease(server.context, server.config, version, { url: 'https://shop.example', date: time })
    await sentryCli(['releases', 'new', version, '--url', 'https://shop.example'], server.config, makeFolder())
    expectSame()
    expect(server.recorded[0]?.body).toEqual({
      version,
      projects: ['web'],
      url: 'https://shop.example',
      dateStarted: time,
    })
  })

  it.each(names)('finalizes release %s', async version => {
    await finalizeRelease(server.context, server.config, version)
    await sentryCli(['releases', 'finalize', version], server.config, makeFolder())
    expectSame()
  })

  it.each([
    [{}, []],
    [
      { name: 'nm', url: 'https://x', started: '2023-11-14T22:13:20Z', finished: '2023-11-14T22:14:20Z' },
      ['-n', 'nm', '-u', 'https://x', '--started', '1700000000', '--finished', '1700000060'],
    ],
  ])('marks a deploy with %o', async (fields, args) => {
    const release = 'web@1.2.3'
    await markDeploy(server.context, server.config, { release, environment: 'staging', ...fields })
    await sentryCli(
      ['deploys', 'new', '-p', 'web', '--release', release, '-e', 'staging', ...args],
      server.config,
      makeFolder(),
    )
    expectSame()
    expect(server.recorded[0]?.body).toMatchObject({ environment: 'staging', projects: ['web'] })
  })

  function expectSame() {
    const [ours, theirs, ...more] = server.recorded.map(({ call, body, headers }) => ({
      call: normal(call),
      body: withTimes(body),
      type: headers['content-type'],
      authorization: headers.authorization,
    }))
    expect(ours).toEqual(theirs)
    expect(more).toEqual([])
  }
})

/** Both spellings of a path mean the same. */
function normal(call: string): string {
  return decodeURIComponent(call)
}

/** Times of the clock become a word, those given become one form. */
function withTimes(body: unknown): unknown {
  const fixed = /^2023-11-14T22:1[34]:20(?:\.0+)?Z$/
  return Object.fromEntries(
    Object.entries(body as object).map(([key, value]) => [
      key,
      key.startsWith('date') && value ? (fixed.test(value) ? value.slice(0, 19) : 'a time') : value,
    ]),
  )
}

it('sends projects of digits as numbers', async () => {
  await createRelease(server.context, { ...server.config, projects: ['web', '2'] }, '1.4.0')
  expect(server.recorded[0]?.body).toMatchObject({ projects: ['web', 2] })
})

it('takes an existing release as made', async () => {
  server.answers['POST /api/0/organizations/acme/releases/'] = { status: 208 }
  await createRelease(server.context, server.config, '1.4.0')
})

it.each([
  ['', 'is empty'],
  [' 1', 'begins or ends with a space'],
  ['..', 'is a path'],
  ['Latest', 'is a reserved word'],
  ['1\n2', 'holds a line break or tab'],
  ['release/1.4', 'holds a slash'],
  ['a\\b', 'holds a slash'],
  ['x'.repeat(201), 'is 201 characters long'],
])('refuses the name %j', async (version, problem) => {
  const { context, config } = server
  const deploy = { release: version, environment: 'production' }
  for (const call of [
    createRelease(context, config, version),
    finalizeRelease(context, config, version),
    markDeploy(context, config, deploy),
  ]) {
    await expect(call).rejects.toThrow(problem)
  }
  expect(server.recorded).toEqual([])
})

describe('a refusal', () => {
  it.each([
    [
      400,
      { projects: ['Invalid project ids or slugs'] },
      '400 ({"projects":["Invalid project ids or slugs"]}). Check the project "web"',
    ],
    [401, { detail: 'Invalid token' }, '401 (Invalid token). Check the token'],
    [403, { detail: 'No permission' }, '403 (No permission). Give the token the scope org:ci'],
    [404, { error: 'Not here' }, '404 (Not here). Check the organization'],
    [403, { detail: `Bearer ${token} is not allowed` }, '403 ([redacted] is not allowed)'],
  ])('with %s quotes the server’s message', async (status, json, message) => {
    server.answers['POST /api/0/organizations/acme/releases/'] = { status, json }
    const error = await createRelease(server.context, server.config, '1.4.0').catch(error => error)
    expect(error).toMatchObject({ name: 'HttpError', status })
    expect(error.message).toContain(
      `Release 1.4.0 was not created: ${server.config.url}/api/0/organizations/acme/releases/ answered ${message}`,
    )
    expect(inspect(error)).not.toContain(token)
  })

  it('of a deploy says what makes the release', async () => {
    server.answers['POST /api/0/organizations/acme/releases/1.4.0/deploys/'] = { status: 404, json: {} }
    const deploy = { release: '1.4.0', environment: 'production' }
    await expect(markDeploy(server.context, server.config, deploy)).rejects.toThrow(
      /answered 404.*The release must be there: sentry\(\{ release: \{\} \}\) makes it with the build\./,
    )
  })
})

describe('a deploy', () => {
  it.each([
    [{ environment: 'a/b' }, 'The environment of a deploy'],
    [{ environment: '' }, 'The environment of a deploy'],
    [{ environment: 'x'.repeat(65) }, 'The environment of a deploy'],
    [{ name: 'x'.repeat(65) }, 'The name of a deploy'],
    [{ started: 'yesterday' }, '"started" of a deploy takes an ISO 8601 time, not "yesterday"'],
    [{ finished: '5' }, '"finished" of a deploy'],
  ])('is refused with %o', async (fields, message) => {
    const deploy = { release: '1.4.0', environment: 'production', ...fields }
    await expect(markDeploy(server.context, server.config, deploy)).rejects.toThrow(message)
    expect(server.recorded).toEqual([])
  })

  it.each([
    ['nowhere', {}, undefined],
    ['on a machine of ours', { CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_SHA: 'a'.repeat(40) }, undefined],
    ['Vercel', { VERCEL: '1', VERCEL_ENV: 'preview', VERCEL_URL: 'x.vercel.app' }, ['preview', 'https://x.vercel.app']],
    ['Vercel, own environment', { VERCEL: '1', VERCEL_ENV: 'preview', VERCEL_TARGET_ENV: 'qa' }, ['qa', undefined]],
    ['Vercel, development', { VERCEL: '1', VERCEL_ENV: 'development', VERCEL_URL: 'localhost:3000' }, undefined],
    [
      'Netlify',
      { NETLIFY: 'true', CONTEXT: 'production', URL: 'https://shop.example', DEPLOY_PRIME_URL: 'https://m--s.app' },
      ['production', 'https://shop.example'],
    ],
    [
      'Netlify, preview',
      { NETLIFY: 'true', CONTEXT: 'deploy-preview', URL: 'https://shop.example', DEPLOY_PRIME_URL: 'https://1--s.app' },
      ['deploy-preview', 'https://1--s.app'],
    ],
    ['Netlify, its own server', { NETLIFY: 'true', CONTEXT: 'dev' }, undefined],
    [
      'Cloudflare Pages',
      { CF_PAGES: '1', CF_PAGES_BRANCH: 'main', CF_PAGES_URL: 'https://1.pages.dev' },
      ['production', 'https://1.pages.dev'],
    ],
    ['Cloudflare Pages, branch', { CF_PAGES: '1', CF_PAGES_BRANCH: 'fix' }, ['preview', undefined]],
    [
      'Render',
      { RENDER: 'true', RENDER_EXTERNAL_URL: 'https://s.onrender.com' },
      ['production', 'https://s.onrender.com'],
    ],
    ['Render, preview', { RENDER: 'true', IS_PULL_REQUEST: 'true' }, ['preview', undefined]],
  ])('is found: %s', (_, env, expected) => {
    const [environment, url] = expected ?? []
    expect(detectDeploy(env)).toEqual(expected && { environment, ...(url && { url }) })
  })
})
