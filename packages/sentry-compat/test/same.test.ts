import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { SentryServer } from '../../../test/support/sentry-server.ts'
import { assembleAny } from './any-bundle.ts'
import {
  type Bundler,
  build,
  bundlers,
  fileOfStack,
  reaching,
  removeProjects,
  run,
  startRecorder,
  type Whose,
} from './build.ts'
import type { Uploaded } from './uploaded.ts'

/**
 * One config with Sentry's own plugin and with ours: what a user can observe is the same, but for what is listed here, with the
 * reason.
 */

// Each builds several times, in processes of their own.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 })

const differences: { of: string; whose: Whose[]; bundlers?: Bundler[]; reason: string }[] = [
  {
    of: 'requests: GET organization',
    whose: ['sentry11'],
    reason:
      'Its CLI looks up the region of the organization. The server that is named, or that of the token, is used at once.',
  },
  {
    of: 'ids of lazy and shared scripts',
    whose: ['sentry11', 'sentry5'],
    bundlers: ['esbuild'],
    reason: 'It gives IDs to entries alone, so that stacks of other scripts cannot be read.',
  },
  {
    of: 'metadata of lazy and shared scripts',
    whose: ['sentry11', 'sentry5'],
    bundlers: ['esbuild'],
    reason: 'It puts metadata into entries alone, so that the third-party filter drops errors of other scripts.',
  },
]

const isListed = (of: string, whose: Whose, bundler: Bundler) =>
  differences.some(
    each => each.of === of && each.whose.includes(whose) && (each.bundlers ?? bundlers).includes(bundler),
  )

/** Visible maps, which are deleted after the upload: the config that guides show. */
const configs: Record<Bundler, string> = {
  vite8: '{ build: { sourcemap: true } }',
  vite7: '{ build: { sourcemap: true } }',
  webpack: `{ devtool: 'source-map' }`,
  rspack: `{ devtool: 'source-map' }`,
  rollup: '{ output: { sourcemap: true } }',
  rolldown: '{ output: { sourcemap: true } }',
  esbuild: '{ sourcemap: true }',
}

interface Observed {
  code: number | null
  /** Without their hashes. */
  files: string[]
  globals: { release: unknown; identifier: boolean; mainDone: unknown; lazyDone: unknown }
  /** How many of the scripts that ran have an ID, metadata, and an ID under which script and map were uploaded. */
  scripts: { run: number; ids: number; metadata: number; readable: number }
  metadata: unknown[]
  requests: string[]
  isTold: boolean
}

let server: SentryServer
const any = assembleAny(() => server)
beforeAll(async () => {
  server = await startRecorder({
    intercept({ path, json }) {
      if (/\/artifactbundle\/assemble\/$/.test(path)) return any.assemble(json)
      if (!/\/organizations\/acme\/$/.test(path)) return undefined
      return { status: 200, body: { id: '1', slug: 'acme', links: { regionUrl: server.url } } }
    },
  })
})
afterEach(removeProjects)
afterAll(() => server.close())

async function observe(bundler: Bundler, whose: Whose): Promise<Observed> {
  server.clear()
  server.chunks.clear()
  any.uploaded.splice(0)
  const more = `applicationKey: 'shop', moduleMetadata: { team: 'web' }, sourcemaps: { filesToDeleteAfterUpload: './dist/**/*.map' }`
  const built = await build({ bundler, whose, config: configs[bundler], options: reaching(server, more) })
  expect(built.code, `${built.stdout}${built.stderr}`).toBe(0)
  const globals = await run(built.dir)
  const ids = Object.entries(globals._sentryDebugIds ?? {})
  const metadata = Object.entries(globals._sentryModuleMetadata ?? {})
  for (const [, id] of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[48][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  const output = [...built.files.keys()]
  return {
    code: built.code,
    files: output.map(name => name.replace(/-[\w-]+\.(c?js)/, '.$1').replace(/^\d+\./, 'chunk.')).sort(),
    globals: {
      release: globals.SENTRY_RELEASE,
      identifier: globals._sentryDebugIdIdentifier === `sentry-dbid-${ids.at(-1)?.[1]}`,
      mainDone: globals.mainDone,
      lazyDone: globals.lazyDone,
    },
    scripts: {
      run: output.filter(name => /\.c?js$/.test(name)).length,
      ids: new Set(ids.map(([stack]) => fileOfStack(stack))).size,
      metadata: new Set(metadata.map(([stack]) => fileOfStack(stack))).size,
      readable: ids.filter(([, id]) => isReadable(any.uploaded, id)).length,
    },
    metadata: [...new Set(metadata.map(([, value]) => JSON.stringify(value)))],
    requests: [...new Set(server.calls().map(kindOf))].sort(),
    isTold: [...built.files.values()].some(code => code.includes('sourceMappingURL')),
  }
}

/** Script and map are there under the ID, and both name it. */
function isReadable(uploaded: Uploaded[], id: string): boolean {
  const own = uploaded.filter(({ debugId }) => debugId === id)
  const map = own.find(({ url }) => url.endsWith('.map'))
  const script = own.find(({ url }) => !url.endsWith('.map'))
  if (!map || !script) return false
  const parsed = JSON.parse(map.text)
  return parsed.debug_id === id && script.text.includes(id) && parsed.sources.length > 0
}

function kindOf(call: string): string {
  if (call === 'GET ') return 'GET organization'
  // Releases belong to an organization; the path by a project, for one project, is older.
  return call.replace('/api/0/projects/acme/web/', '').replace('releases/1.4.0/', 'releases/RELEASE/')
}

describe.each(bundlers)('%s', bundler => {
  test.each(['sentry11', 'sentry5'] as const)('as with %s', async whose => {
    const [theirs, ours] = [await observe(bundler, whose), await observe(bundler, 'ours')]
    expect(ours.code).toBe(theirs.code)
    expect(ours.files).toEqual(theirs.files)
    expect(ours.globals).toEqual(theirs.globals)
    expect(ours.metadata).toEqual(theirs.metadata)
    expect(ours.isTold).toBe(false)
    // Each script of ours is identified, and can be read.
    const { run: count } = ours.scripts
    expect(ours.scripts).toEqual({ run: count, ids: count, metadata: count, readable: count })
    if (!isListed('ids of lazy and shared scripts', whose, bundler)) expect(theirs.scripts.ids).toBe(count)
    else expect(theirs.scripts.ids).toBeLessThan(count)
    if (!isListed('metadata of lazy and shared scripts', whose, bundler)) expect(theirs.scripts.metadata).toBe(count)
    else expect(theirs.scripts.metadata).toBeLessThan(count)
    const listed = theirs.requests.filter(kind => isListed(`requests: ${kind}`, whose, bundler))
    expect(ours.requests).toEqual(theirs.requests.filter(kind => !listed.includes(kind)))
  })
})
