import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type BuildRecord, createVault, openStore } from '@mapseal/core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type App, makeApp, writeScript } from './app.ts'
import { type Client, type Outcome, runClient } from './real-clients.ts'
import { startServer, type TestServer } from './start.ts'
import { alikeKinds } from './stores.ts'

/** The unmodified clients on one side, the vault on the other. */

const adminToken = 'a'.repeat(64)
const clients: Client[] = ['sentry-cli-2', 'sentry-cli-3', 'sentry']
const uploadCommand = { 'sentry-cli-2': 'sourcemaps', 'sentry-cli-3': 'sourcemaps', sentry: 'sourcemap' }

describe.each(alikeKinds)('on $name', store => {
  beforeAll(() => store.start())
  afterAll(() => store.stop())

  let server: TestServer
  let location: string
  let app: App
  beforeEach(async () => {
    app = await makeApp()
    location = await store.location()
    server = await startServer({ vault: location, org: 'acme', projects: ['web', 'api'], adminToken })
  })
  afterEach(async () => {
    await server[Symbol.asyncDispose]()
    await rm(app.dir, { recursive: true })
  })

  function run(client: Client, args: string[], env: Record<string, string> = {}): Promise<Outcome> {
    const access = { SENTRY_URL: server.url, SENTRY_ORG: 'acme', SENTRY_PROJECT: 'web', SENTRY_AUTH_TOKEN: adminToken }
    return runClient(client, args, { cwd: app.dir, env: { ...access, ...env } })
  }

  async function succeed(client: Client, args: string[], env: Record<string, string> = {}): Promise<string> {
    const { code, text } = await run(client, args, env)
    expect(code, `${client} ${args.join(' ')}\n${text}\n${server.log.join('')}`).toBe(0)
    return text
  }

  const vault = () => createVault(openStore(location, '/'))
  const builds = () => vault().records()
  const debugIdOf = async (path: string) =>
    /\/\/# debugId=(\S+)/.exec(await readFile(join(app.dist, path), 'utf8'))?.[1]

  async function expectBoth(build: BuildRecord | undefined): Promise<void> {
    expect(build?.files.map(({ path }) => path)).toEqual(['app.js', 'assets/lazy.js'])
    for (const file of build?.files ?? []) {
      expect(file.debugId).toBe(await debugIdOf(file.path))
      expect(file.problem).toBeUndefined()
      const code = Buffer.from(await vault().read(file.code))
      expect(code.toString()).toBe(await readFile(join(app.dist, file.path), 'utf8'))
      const map = JSON.parse(Buffer.from(await vault().read(file.map as NonNullable<typeof file.map>)).toString())
      expect(map.sourcesContent[0]).toContain('export')
    }
  }

  describe.each(clients)('%s', client => {
    const upload = (...args: string[]) => {
      const wait = client === 'sentry' ? [] : ['--wait']
      return [uploadCommand[client], 'upload', ...wait, ...args, app.dist]
    }

    test('injects, uploads, and has nothing to upload the second time', async () => {
      await succeed(client, [uploadCommand[client], 'inject', app.dist])
      const first = await succeed(client, upload('--release', 'web@1.2.3', '--dist', '42'))
      const [build, ...others] = await builds()
      expect(others).toEqual([])
      expect(build?.release).toEqual({ name: 'web@1.2.3', dist: '42', source: 'upload' })
      expect(build?.projects).toEqual(['web'])
      await expectBoth(build)

      const chunks = () =>
        server.log.filter(line => line.includes('"POST","path":"/api/0/organizations/acme/chunk-upload/'))
      const sent = chunks().length
      expect(sent).toBeGreaterThan(0)
      const second = await succeed(client, upload('--release', 'web@1.2.3', '--dist', '42'))
      if (client !== 'sentry') {
        expect(first).not.toContain('Nothing to upload')
        expect(second).toContain('Nothing to upload, all files are on the server')
      }
      expect(chunks().length).toBe(sent)
      expect((await builds()).length).toBe(1)
    })

    test('the same files for another release, and without one', async () => {
      await succeed(client, [uploadCommand[client], 'inject', app.dist])
      await succeed(client, upload())
      await succeed(client, upload('--release', '2'))
      const records = await builds()
      expect(records.map(({ release }) => release?.name)).toEqual(['2', undefined])
      for (const build of records) await expectBoth(build)
    })

    test('a wrong token is reported', async () => {
      await succeed(client, [uploadCommand[client], 'inject', app.dist])
      const { code, text } = await run(client, upload(), { SENTRY_AUTH_TOKEN: 'b'.repeat(64) })
      expect(code).not.toBe(0)
      expect(text).toMatch(/401|Invalid token|Not authenticated/)
      expect(await builds()).toEqual([])
    })

    test('an unknown project is reported', async () => {
      await succeed(client, [uploadCommand[client], 'inject', app.dist])
      const { code, text } = await run(client, upload(), { SENTRY_PROJECT: 'nope' })
      expect(code).not.toBe(0)
      expect(text).toMatch(/One or more projects are invalid|no project "nope"/)
      expect(await builds()).toEqual([])
    })
  })

  describe.each(['sentry-cli-2', 'sentry-cli-3'] as const)('%s', client => {
    test('two projects', async () => {
      await succeed(client, ['sourcemaps', 'inject', app.dist])
      await succeed(client, ['sourcemaps', 'upload', '--wait', '-p', 'web', '-p', 'api', app.dist])
      const [build, ...others] = await builds()
      expect([build?.projects, others]).toEqual([['api', 'web'], []])
      await expectBoth(build)
    })

    test('files without debug IDs need a release', async () => {
      await succeed(client, ['sourcemaps', 'upload', '--wait', '--release', '1.0', app.dist])
      const [build] = await builds()
      expect(build?.files.map(({ path, problem }) => [path, problem])).toEqual([
        ['app.js', undefined],
        ['assets/lazy.js', undefined],
      ])
      await writeScript(app.dist, 'app.js', 'other()')
      const refused = await run(client, ['sourcemaps', 'upload', '--wait', app.dist])
      expect(refused.code).toBe(1)
      expect(refused.text).toMatch(/specify a release or have debug ids|without debug ids or release is prohibited/)
    })

    test('releases: new, set-commits --auto, finalize, deploys new, info', async () => {
      await succeed(client, ['releases', 'new', 'web@1', '--url', 'https://example.com/1'])
      await succeed(client, ['releases', 'set-commits', '--auto', 'web@1'])
      await succeed(client, ['releases', 'finalize', 'web@1'])
      await succeed(
        client,
        client === 'sentry-cli-2'
          ? ['releases', 'deploys', 'web@1', 'new', '-e', 'production']
          : ['deploys', 'new', '--release', 'web@1', '-e', 'production'],
      )
      expect(await succeed(client, ['releases', 'info', 'web@1'])).toContain('web@1')
      expect(await succeed(client, ['releases', 'list'])).toContain('web@1')
      const answer = await fetch(`${server.url}/api/0/organizations/acme/releases/web@1/`, {
        headers: { Authorization: `Bearer ${adminToken}` },
      })
      expect(await answer.json()).toMatchObject({
        version: 'web@1',
        url: 'https://example.com/1',
        dateReleased: expect.stringMatching(/^20/),
        commitCount: 1,
        deployCount: 1,
        lastCommit: { id: app.commit },
        lastDeploy: { environment: 'production' },
        projects: [{ slug: 'web' }],
      })
    })

    test('an invalid release is refused with the reason', async () => {
      const absent = await run(client, ['releases', 'finalize', 'none'])
      expect([absent.code, absent.text]).toEqual([1, expect.stringContaining('Release not found')])
      const project = await run(client, ['releases', 'new', '1', '-p', 'nope'])
      expect(project.code).toBe(1)
      expect(project.text).toMatch(/Project not found|Invalid project ids or slugs/)
      const token = await run(client, ['releases', 'new', '1'], { SENTRY_AUTH_TOKEN: 'b'.repeat(64) })
      expect(token.code).toBe(1)
      expect(token.text).toMatch(/401/)
    })

    test('info', async () => {
      const text = await succeed(client, ['info'])
      expect(text).toContain(server.url)
      expect(text).toContain('Default Organization: acme')
      expect(text).toContain('Default Project: web')
      const refused = await run(client, ['info'], { SENTRY_AUTH_TOKEN: 'b'.repeat(64) })
      expect([refused.code, refused.text]).toEqual([1, expect.stringContaining('Invalid token (http status: 401)')])
    })

    test('lists organizations and projects', async () => {
      expect(await succeed(client, ['organizations', 'list'])).toContain('acme')
      expect(await succeed(client, ['projects', 'list'])).toContain('api')
    })
  })
})
