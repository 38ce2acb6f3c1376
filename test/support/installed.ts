import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { text } from 'node:stream/consumers'

const root = join(import.meta.dirname, '../..')
const packages = [
  '@mapseal/core',
  '@mapseal/destinations',
  '@mapseal/cli',
  'mapseal',
  '@mapseal/server',
  '@mapseal/sentry-compat',
]
/** What a project gets with `mapseal` alone. */
const isPlain = (path: string) => !/^mapseal-(?:server|sentry-compat)-/.test(basename(path))

/** An empty project with the packed packages in it but the server, far from the repository's own `node_modules`. */
export interface Installed extends AsyncDisposable {
  dir: string
  /** The packed packages, including the server. */
  tarballs: string[]
  /** Another project, with all of them. @returns its folder */
  withServer(): Promise<string>
}

/** Builds and packs all packages; only what they depend on comes from the registry. */
export async function installPackages(): Promise<Installed> {
  const scratch = await mkdtemp(join(tmpdir(), 'mapseal-packages-'))
  const packed = join(scratch, 'packed')
  await mkdir(packed)
  await npm(root, 'run', 'build')
  await npm(root, 'pack', '--pack-destination', packed, ...packages.map(name => `--workspace=${name}`))
  const tarballs = (await readdir(packed)).map(name => join(packed, name))
  const dir = join(scratch, 'project')
  await install(dir, tarballs.filter(isPlain))
  return {
    dir,
    tarballs,
    async withServer() {
      const folder = join(scratch, 'server')
      await install(folder, tarballs)
      return folder
    },
    [Symbol.asyncDispose]: () => rm(scratch, { recursive: true }),
  }
}

async function install(dir: string, tarballs: string[]): Promise<void> {
  await mkdir(dir)
  await writeFile(join(dir, 'package.json'), '{ "private": true }\n')
  await npm(dir, 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', ...tarballs)
}

/** What a user's npm prints. @throws where the exit code is not 0, unless it may be */
export async function npm(cwd: string, ...args: string[]): Promise<string> {
  const child = spawn('npm', args, { cwd, env: userEnvironment(), shell: process.platform === 'win32' })
  child.stdin.end()
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  if (child.exitCode !== 0) throw new Error(`npm ${args.join(' ')} failed (${child.exitCode}):\n${stdout}${stderr}`)
  return stdout
}

/** Without the variables that the npm running the tests sets for its children; others, such as the registry, stay. */
function userEnvironment(): NodeJS.ProcessEnv {
  const inherited = /^npm_(?:lifecycle|package|config_(?:local_prefix|loglevel|global_prefix|prefix))/
  const entries = Object.entries(process.env).filter(([name]) => !inherited.test(name) && name !== 'NODE_ENV')
  return Object.fromEntries(entries)
}
