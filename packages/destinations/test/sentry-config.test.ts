import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type SentryServer, startSentry } from '../../../test/support/sentry-server.ts'
import { lacksToken, resolveConfig, type SentryAccess } from '../src/sentry/config/config.ts'
import { readToken } from '../src/sentry/config/token.ts'
import { sentry } from '../src/sentry.ts'
import { listen, once, toBuild } from './sentry-build.ts'
import { sentryCliInfo } from './sentry-recorder.ts'

let home: string
let cwd: string
let warnings: string[]
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'mapseal-config-'))
  cwd = join(home, 'work/app')
  await mkdir(cwd, { recursive: true })
  warnings = []
})
afterEach(() => rm(home, { recursive: true }))

function resolve(access: SentryAccess = {}, env: NodeJS.ProcessEnv = {}) {
  return resolveConfig(access, { cwd, env: { HOME: home, ...env }, warn: message => void warnings.push(message) })
}

const full = { org: 'acme', project: 'web', authToken: 'secret-token', url: 'https://sentry.example' }
const variables = {
  SENTRY_ORG: 'env-org',
  SENTRY_PROJECT: 'env-a, env-b,',
  SENTRY_AUTH_TOKEN: 'env-token',
  SENTRY_URL: 'https://env.example/',
}
const ini = (name: string) =>
  `; of ${name}\n[defaults]\nurl = https://${name}.example\norg=${name}\nproject: ${name}-web\n\n[auth]\ntoken="${name}-token"\n`
const fromIni = (name: string) => ({
  url: `https://${name}.example`,
  org: name,
  projects: [`${name}-web`],
  authToken: `${name}-token`,
})

test('options before variables before files', async () => {
  await writeFile(join(cwd, '.sentryclirc'), ini('near'))
  expect(await resolve(full, variables)).toEqual({
    url: 'https://sentry.example',
    org: 'acme',
    projects: ['web'],
    authToken: 'secret-token',
  })
  expect(await resolve({}, variables)).toEqual({
    url: 'https://env.example',
    org: 'env-org',
    projects: ['env-a', 'env-b'],
    authToken: 'env-token',
  })
  expect(await resolve({}, { SENTRY_ORG: '', SENTRY_PROJECT: ' ', SENTRY_AUTH_TOKEN: '', SENTRY_URL: '' })).toEqual(
    fromIni('near'),
  )
})

test('the nearest file upward, then home, then sentry.properties; SENTRY_PROPERTIES before all', async () => {
  await writeFile(
    join(home, 'work/sentry.properties'),
    '# of the app\ndefaults.url=https\\://props.example\ndefaults.org=props\ndefaults.project=props-web\nauth.token=props-token\n',
  )
  expect(await resolve()).toEqual(fromIni('props'))
  await writeFile(join(home, '.sentryclirc'), ini('home'))
  expect(await resolve()).toEqual(fromIni('home'))
  await writeFile(join(home, 'work/.sentryclirc'), '[defaults]\norg=near\n')
  expect(await resolve()).toEqual({ ...fromIni('home'), org: 'near' })
  const named = join(home, 'work/sentry.properties')
  expect(await resolve({}, { SENTRY_PROPERTIES: named })).toEqual(fromIni('props'))
  await expect(resolve({}, { SENTRY_PROPERTIES: 'absent.properties' })).rejects.toThrow('cannot be read')
})

test.each([
  '[defaults]\norg: acme\n[auth]\ntoken=a',
  '  [ defaults ]\r\norg = acme\r\n',
  '[defaults]\norg = acme #1 ;2',
  '[defaults]\norg="a;b"',
  "[defaults]\norg='450700000000000001'",
  '[defaults]\norg=450700000000000001',
  '[defaults]\norg="a b" c',
  '[defaults]\norg = a "b" c',
  '[defaults]\norg=true',
  '[defaults]\norg=[x]',
  '[defaults]\norg=x=y:z',
  '[defaults]\norg=a\norg=b',
  '[defaults]\n#org=a\n; org=b\norg=c',
  '[other.defaults]\norg=a\n[defaults]\norg.name=b\norg=c',
])('a .sentryclirc is read as sentry-cli reads it: %j', async text => {
  await writeFile(join(home, '.sentryclirc'), text)
  const printed = await sentryCliInfo(home)
  expect((await resolve({ ...full, org: '' })).org).toBe(printed.org)
})

test('sentry.io is the server when none is named; a project named twice is one', async () => {
  const { url, ...rest } = full
  expect(await resolve({ ...rest, project: ['web', 'api', 'web'] })).toMatchObject({
    url: 'https://sentry.io',
    projects: ['web', 'api'],
  })
})

test.each([
  ['authToken', 'No auth token. Set SENTRY_AUTH_TOKEN'],
  ['org', 'No organization. Set SENTRY_ORG'],
  ['project', 'No project. Set SENTRY_PROJECT'],
] as const)('without %s', async (option, message) => {
  await expect(resolve({ ...full, [option]: '' })).rejects.toThrow(message)
})

function orgToken(payload: unknown): string {
  return `sntrys_${Buffer.from(JSON.stringify(payload)).toString('base64')}_${'s'.repeat(43)}`
}

test('an organization token knows better, and says so', async () => {
  const token = orgToken({
    iat: 1.5,
    url: 'https://token.example',
    region_url: 'https://us.token.example',
    org: 'mine',
  })
  expect(await resolve({ ...full, authToken: token })).toMatchObject({ url: 'https://token.example', org: 'mine' })
  expect(warnings.join('\n')).toMatch(/organization "mine".*instead of "acme"/)
  expect(warnings.join('\n')).toMatch(/https:\/\/token\.example.*instead of https:\/\/sentry\.example/)
  expect(warnings.join('\n')).not.toContain(token)
  warnings = []
  expect(await resolve({ project: 'web', authToken: token })).toMatchObject({
    url: 'https://token.example',
    org: 'mine',
  })
  expect(warnings).toEqual([])
})

test.each([null, ''])('a token with the url %j leaves it to the settings', async url => {
  expect(await resolve({ ...full, authToken: orgToken({ iat: 1, url, org: 'acme' }) })).toMatchObject({
    url: 'https://sentry.example',
  })
  expect(warnings).toEqual([])
})

test.each(['sntryu_abc', 'a'.repeat(64), 'sntrys_', 'sntrys_e30=_short', `sntrys_bm90anNvbg==_${'s'.repeat(43)}`])(
  'of %s nothing is known',
  token => expect(readToken(token)).toEqual({}),
)

test.each([
  ['https://sentry.example/sub/', 'Set "https://sentry.example"'],
  ['https://user:pass@sentry.example', 'more than an origin'],
  ['sentry.example', 'is not one'],
  ['ftp://sentry.example', 'is not one'],
])('the url %s is refused', async (url, message) => {
  const error = await resolve({ ...full, url }).catch(cause => cause)
  expect(error.message).toContain(message)
  expect(error.message).not.toContain('user:pass')
})

test('a mistyped option is found', () => {
  expect(() => sentry({ projet: 'web' } as object)).toThrow('There is no option "projet". Did you mean "project"?')
})

test('the destination makes the release around the upload, and marks deploys', async () => {
  const server: SentryServer = await startSentry({
    intercept: ({ path }) => (path.includes('/releases/') ? { status: 201, body: {} } : undefined),
  })
  try {
    const release = { setCommits: false, deploy: { environment: 'staging' } } as const
    const destination = sentry({ ...full, url: server.url, release })
    const build = toBuild({ 'app.js': 'app()' })
    const { context } = listen()
    expect(await destination.deliver(build.record, once(build.artifacts), context)).toMatchObject({ artifacts: 1 })
    await destination.deploy?.({ release: 'web@1.2.3', environment: 'production' }, context)
    expect(server.calls()).toEqual([
      'POST releases/',
      'GET chunk-upload/',
      'POST artifactbundle/assemble/',
      'POST chunk-upload/',
      'POST artifactbundle/assemble/',
      'PUT releases/web@1.2.3/',
      'POST releases/web@1.2.3/deploys/',
      'POST releases/web@1.2.3/deploys/',
    ])
    server.clear()
    const plain = sentry({ ...full, url: server.url })
    await plain.deliver(build.record, once(build.artifacts), context)
    expect(server.calls()).toEqual(['GET chunk-upload/', 'POST artifactbundle/assemble/'])
  } finally {
    await server.close()
  }
})

test('lacks a token where there is none in an option, a variable or a file', async () => {
  const lacks = (access: SentryAccess, env: NodeJS.ProcessEnv = {}) =>
    lacksToken(access, { cwd, env: { HOME: home, ...env } })
  expect(await lacks({ org: 'acme', authToken: '' }, { SENTRY_AUTH_TOKEN: ' ' })).toBe(
    'No auth token. Set SENTRY_AUTH_TOKEN, or "authToken" in sentry({ authToken: … }) or in .sentryclirc.',
  )
  expect(await lacks({ authToken: 'x' })).toBeUndefined()
  expect(await lacks({}, { SENTRY_AUTH_TOKEN: 'x' })).toBeUndefined()
  await writeFile(join(home, '.sentryclirc'), '[auth]\ntoken=x\n')
  expect(await lacks({})).toBeUndefined()
})
