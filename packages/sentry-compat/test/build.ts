import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll } from 'vitest'
import { mapseal, type Outcome, runNode } from '../../../test/support/command.ts'
import { type SentryServer, type SentryServerOptions, startSentry } from '../../../test/support/sentry-server.ts'

export const bundlers = ['vite8', 'vite7', 'webpack', 'rspack', 'rollup', 'rolldown', 'esbuild'] as const
export type Bundler = (typeof bundlers)[number]

/** Whose plugin builds. */
export type Whose = 'ours' | 'sentry11' | 'sentry5' | 'none'

export interface Project {
  bundler: Bundler
  whose?: Whose
  /** JavaScript: the plugin's options. */
  options?: string
  /** JavaScript: added to the bundler's config. */
  config?: string
  /** JavaScript that stands before both. */
  before?: string
  /** JavaScript: plugins before ours. */
  plugins?: string
  /** By path; over those of the app. */
  files?: Record<string, string>
  /** On top of an environment without anything of Sentry's or of CI. */
  env?: NodeJS.ProcessEnv
  isVersion1?: boolean
}

export interface Built extends Outcome {
  dir: string
  /** Below `dist`, by path. */
  files: Map<string, string>
}

/** An entry, a module of its own and a lazy one that share another. */
const app: Record<string, string> = {
  'package.json':
    '{ "name": "shop", "type": "module", "private": true, "dependencies": { "react": "^19.1.0", "left-pad": "1.0.0" } }',
  'src/main.js': `import { shared } from './shared.js'
globalThis.mainDone = 'main ' + shared('a')
globalThis.finished = import('./lazy.js').then(({ lazy }) => lazy())
`,
  'src/lazy.js': `import { shared } from './shared.js'
export function lazy() {
  globalThis.lazyDone = 'lazy ' + shared('b')
}
`,
  'src/shared.js': `export function shared(text) {
  return text + String(globalThis.SHARED ?? '')
}
`,
}

const toolchain = join(import.meta.dirname, '../../../test/toolchains/sentry')
let bundled: Promise<string> | undefined

/** The plugins and the child as plain modules, in a folder: a process that compiles them itself takes seconds to start. */
export function bundlePlugins(): Promise<string> {
  bundled ??= bundle()
  return bundled
}

afterAll(async () => {
  if (bundled) await rm(await bundled, { recursive: true, force: true })
})

async function bundle(): Promise<string> {
  const temporary = join(import.meta.dirname, '../../../test/.tmp')
  await mkdir(temporary, { recursive: true })
  const outdir = await mkdtemp(join(temporary, 'plugins-'))
  const { build } = await import('esbuild')
  const names = ['index', 'vite', 'webpack', 'rollup', 'esbuild', 'annotate-loader']
  const sources = names.map(name => join(import.meta.dirname, `../src/${name}.ts`))
  await build({
    entryPoints: [
      ...sources.map((source, index) => ({ in: source, out: names[index] ?? '' })),
      { in: join(import.meta.dirname, 'child.ts'), out: 'child' },
    ],
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['mapseal-source'],
    external: [
      'vite',
      '@mapseal-test/*',
      'webpack',
      '@rspack/core',
      'rollup',
      'rolldown',
      'esbuild',
      '@aws-sdk/*',
      'source-map',
    ],
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url)",
    },
    logLevel: 'error',
  })
  return outdir
}

/** Runs `mapseal flush` in a project, with a config that has the plugin's options. */
export async function flush(dir: string, options: string, env?: NodeJS.ProcessEnv): Promise<Outcome> {
  const entry = pathToFileURL(join(await bundlePlugins(), 'index.js')).href
  const config = `import { sentryDestination } from ${JSON.stringify(entry)}
export default { destinations: [sentryDestination(${options})] }
`
  await writeFile(join(dir, 'mapseal.config.mjs'), config)
  return mapseal(['flush'], { cwd: dir, env: environment(dir, env) })
}

/** Nothing of the surroundings: no token, no CI, no git repository above, a home folder of its own. */
function environment(dir: string, env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const cleared = Object.keys(process.env).filter(name =>
    /^(?:SENTRY|MAPSEAL|GITHUB|GITLAB|VERCEL|CI$|VITEST)/.test(name),
  )
  return {
    ...Object.fromEntries(cleared.map(name => [name, undefined])),
    NODE_ENV: 'production',
    HOME: dir,
    SENTRY_CLI_NO_TELEMETRY: '1',
    ...env,
  }
}

export async function makeProject(project: Project): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'mapseal-compat-'))
  const optionsFile = `${project.before ?? ''}
export const options = ${project.options ?? '{}'}
export const config = ${project.config ?? '{}'}
export const plugins = ${project.plugins ?? '[]'}
export const version1 = ${project.isVersion1 === true}
`
  for (const [path, text] of Object.entries({ ...app, 'options.mjs': optionsFile, ...project.files })) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), text)
  }
  execFileSync('git', ['init', '--quiet', dir])
  return dir
}

/** Builds a project in a process of its own; its folder goes with `removeProjects`. */
export async function build(project: Project): Promise<Built> {
  const dir = await makeProject(project)
  made.push(dir)
  return { ...(await buildAgain(dir, project)), dir, files: await readOutput(join(dir, 'dist')) }
}

export async function buildAgain(dir: string, { bundler, whose = 'ours', env }: Project): Promise<Outcome> {
  const own = await bundlePlugins()
  const args = [join(own, 'child.js'), bundler, whose, own, toolchain]
  return runNode(args, { cwd: dir, env: environment(dir, env) })
}

const made: string[] = []

export async function removeProjects(): Promise<void> {
  for (const dir of made.splice(0)) await rm(dir, { recursive: true, force: true })
}

export async function readOutput(dir: string): Promise<Map<string, string>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => [])
  const paths = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  return new Map(
    await Promise.all(
      paths.sort().map(async path => [relative(dir, path), await readFile(path, 'utf8')] as [string, string]),
    ),
  )
}

/** What scripts set at run time. */
export interface Globals {
  SENTRY_RELEASE?: { id: string }
  SENTRY_BUILD_INFO?: { deps: string[]; depsVersions: Record<string, number>; nodeVersion: number }
  _sentryDebugIds?: Record<string, string>
  _sentryDebugIdIdentifier?: string
  _sentryModuleMetadata?: Record<string, unknown>
  mainDone?: string
  lazyDone?: string
}

/** Runs the entry of an output until its lazy module has run. */
export async function run(dir: string): Promise<Globals> {
  const names = [...(await readOutput(join(dir, 'dist'))).keys()]
  const entry = names.find(name => /(?:^|\/)main[^/]*\.c?js$/.test(name)) ?? ''
  const listed = ['SENTRY_RELEASE', 'SENTRY_BUILD_INFO', '_sentryDebugIds', '_sentryDebugIdIdentifier']
  const code = `
        const url = ${JSON.stringify(pathToFileURL(join(dir, 'dist', entry)).href)}
    await import(url)
    await globalThis.finished
    const names = ${JSON.stringify([...listed, '_sentryModuleMetadata', 'mainDone', 'lazyDone'])}
    console.log(JSON.stringify(Object.fromEntries(names.map(name => [name, globalThis[name]]))))`
  const { stdout, stderr, code: status } = await runNode(['--input-type=module', '--eval', code], { cwd: dir })
  if (status !== 0) throw new Error(`The output does not run: ${stderr}`)
  return JSON.parse(stdout)
}

/** The file of a registry's key: that of the stack's first frame. */
export function fileOfStack(stack: string): string {
  const [, path = ''] = /(?:file:\/\/)?(\/[^\s()]+?):\d+:\d+\)?$/m.exec(stack.split('\n')[1] ?? '') ?? []
  return path
}

/** Takes releases, commits and deploys too. */
export function startRecorder(options: SentryServerOptions = {}): Promise<SentryServer> {
  const { intercept } = options
  return startSentry({
    ...options,
    intercept(request) {
      const own = intercept?.(request)
      if (own) return own
      const { method, path } = request
      if (/\/releases\/[^/]+\/deploys\/$/.test(path)) return { status: 201, body: { id: '1' } }
      if (/\/repos\/(?:\?.*)?$/.test(path)) return { status: 200, body: [] }
      if (/\/previous-with-commits\/$/.test(path)) return { status: 200, body: {} }
      if (/\/releases\/[^/]+\/$/.test(path) && method !== 'DELETE')
        return { status: 200, body: { version: 'v', projects: [], dateCreated: '2026-01-01T00:00:00.000Z' } }
      return undefined
    },
  })
}

/** Options that reach a recorder, and more. */
export function reaching({ url }: Pick<SentryServer, 'url'>, more = ''): string {
  const access = { org: 'acme', project: 'web', authToken: 'sntryu_secret', url }
  return `{ ...${JSON.stringify(access)}, release: { name: '1.4.0', setCommits: false }, telemetry: false, ${more} }`
}
