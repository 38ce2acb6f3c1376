import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { SentryServer } from '../../../test/support/sentry-server.ts'
import { type SentryNextOptions, withMapseal } from '../src/next.ts'
import { startRecorder } from './build.ts'

/** `withMapseal` with the options of `withSentryConfig`; the builds of Next.js itself are in test/frameworks. */

let server: SentryServer
let projectDir: string
let lines: string
beforeEach(async () => {
  vi.stubEnv('NODE_ENV', 'production')
  server = await startRecorder()
  projectDir = await realpath(await mkdtemp(join(tmpdir(), 'next-')))
  vi.stubEnv('MAPSEAL_VAULT', join(projectDir, 'vault'))
  lines = ''
  vi.spyOn(process.stderr, 'write').mockImplementation(chunk => {
    lines += chunk
    return true
  })
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  await server.close()
  await rm(projectDir, { recursive: true })
})

const access = (): SentryNextOptions => ({
  org: 'acme',
  project: 'web',
  authToken: 'secret',
  sentryUrl: server.url,
  release: { name: '1.4.0', setCommits: false },
})

/** What Next.js does once it has compiled. */
async function build(options: SentryNextOptions, nextConfig: object = {}): Promise<string[]> {
  const given = withMapseal(nextConfig, options)
  const config = typeof given === 'function' ? await given('phase-production-build', {}) : given
  const distDir = join(projectDir, '.next')
  await mkdir(join(distDir, 'static'), { recursive: true })
  await writeFile(join(distDir, 'static/a.js'), 'a()\n//# sourceMappingURL=a.js.map\n')
  await writeFile(join(distDir, 'static/a.js.map'), '{"version":3,"sources":["a.ts"],"mappings":"AAAA"}')
  await config.compiler?.runAfterProductionCompile({ projectDir, distDir })
  return readdir(join(distDir, 'static'))
}

const uploaded = () => [...server.bundles.values()].flatMap(({ associations }) => associations)

test.each([
  ['an object', {}],
  ['a function', () => ({})],
])('org, project, authToken and release: the release has the scripts, for %s', async (_, nextConfig) => {
  expect(await build({ ...access(), hideSourceMaps: true, widenClientFileUpload: true }, nextConfig)).toEqual(['a.js'])
  expect(uploaded()).toEqual([{ projects: ['web'], version: '1.4.0' }])
  expect(server.requests.some(({ method, path }) => method === 'POST' && path.endsWith('/releases/'))).toBe(true)
})

test('silent: nothing is logged', async () => {
  await build(access())
  expect(lines).toContain('1 script, 1 decodable')
  lines = ''
  await build({ ...access(), silent: true })
  expect(lines).toBe('')
})

describe('sourcemaps', () => {
  test('disable: the config stays as it is', () => {
    const config = {}
    expect(withMapseal(config, { ...access(), sourcemaps: { disable: true } })).toBe(config)
    expect(withMapseal(config, { ...access(), disable: true })).toBe(config)
  })

  test('ignore: relative to the project, nothing of it is uploaded', async () => {
    vi.spyOn(process, 'cwd').mockReturnValue(projectDir)
    expect(await build({ ...access(), sourcemaps: { ignore: ['.next/static/**'] } })).toEqual(['a.js'])
    expect(uploaded()).toEqual([])
  })

  test('deleteSourcemapsAfterUpload: false leaves them', async () => {
    const sourcemaps = { deleteSourcemapsAfterUpload: false }
    expect(await build({ ...access(), sourcemaps })).toEqual(['a.js', 'a.js.map'])
  })
})

test('without a token nothing is sent, and the build says so', async () => {
  const { authToken, ...rest } = access()
  expect(await build(rest)).toEqual(['a.js'])
  expect(lines).toContain('There is no auth token (SENTRY_AUTH_TOKEN, or "authToken"). Nothing is uploaded')
  expect(server.requests).toEqual([])
})

test('an option that does not exist is refused in the line that has it', () => {
  expect(() => withMapseal({}, { organization: 'acme' } as object)).toThrow('There is no option "organization"')
})
