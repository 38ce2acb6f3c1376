import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { openVault } from '@mapseal/core'
import type { Io } from '../io.ts'
import type { BundlerConfig, Project } from './project.ts'
import { scriptOf } from './scripts.ts'

/** What a build showed. */
export type CheckedBuild =
  | { state: 'decodes'; scripts: number; decodable: number }
  /** The plugin leaves the source maps where the bundler's setting has them, so the vault has nothing to check with. */
  | { state: 'kept' }
  | { state: 'failed'; output: string }
  /** Why there was none. */
  | { state: 'skipped'; reason: string }

/**
 * Builds the project once, and looks whether its scripts can be decoded and reveal nothing.
 *
 * @param needed packages that its configs import
 */
export async function checkBuild(
  config: BundlerConfig,
  project: Project,
  needed: string[],
  io: Io,
): Promise<CheckedBuild> {
  const missing = needed.filter(name => !isInstalled(name, project.cwd))
  if (missing.length > 0) {
    const names = missing.join(' ')
    return {
      state: 'skipped',
      reason: `${names} is not installed here. Run npm install --save-dev ${names}, then build.`,
    }
  }
  const command = commandOf(config, project)
  if (!command)
    return { state: 'skipped', reason: `the command ${config.bundler.build?.[0]} was not found. Build yourself.` }
  const vault = openVault(io.env.MAPSEAL_VAULT, io.cwd)
  const before = await vault.newest()
  const { code, output } = await run(command, io)
  if (code !== 0) return { state: 'failed', output }
  const record = await vault.newest()
  const isNew = record && record.id !== before?.id
  if (!isNew && needed.includes('@mapseal/sentry-compat')) return { state: 'kept' }
  if (!isNew) return { state: 'failed', output: `${output}No build is in ${vault.location}.` }
  const { checkFolder } = await import('@mapseal/core/folder')
  const dirs = [...new Set(record.files.map(({ outDir }) => outDir))]
  const problems: string[] = []
  let scripts = 0
  let undecodable = 0
  for (const dir of dirs) {
    const found = await checkFolder(resolve(io.cwd, dir), { vault })
    scripts += found.scripts
    undecodable += found.withoutMap.length
    problems.push(...found.problems.map(problem => `${dir}/${problem.path} ${problem.message}\n`))
  }
  if (problems.length > 0) return { state: 'failed', output: problems.join('') }
  return { state: 'decodes', scripts, decodable: scripts - undecodable }
}

/** As the project's config will look for it. */
function isInstalled(name: string, cwd: string): boolean {
  try {
    createRequire(join(cwd, 'package.json')).resolve(`${name}/package.json`)
    return true
  } catch {
    return false
  }
}

/** A command is that of the project, or of a folder above it in a workspace. For a script, text for a shell. */
function commandOf({ bundler, path }: BundlerConfig, { cwd, scripts }: Project): string[] | string | undefined {
  if (!bundler.build) return scriptOf(scripts, path) ?? [process.execPath, path]
  const [name = '', ...args] = bundler.build
  const own = bundler.config.test(path) ? [] : args.includes('--config') ? [path] : ['--config', path]
  for (let dir = resolve(cwd); ; dir = dirname(dir)) {
    const file = join(dir, 'node_modules/.bin', name)
    if (existsSync(file)) return [file, ...args, ...own]
    if (dirname(dir) === dir) return undefined
  }
}

async function run(command: string[] | string, { cwd, env }: Io): Promise<{ code: number | null; output: string }> {
  const path = [join(cwd, 'node_modules/.bin'), env.PATH].join(delimiter)
  const [program = '', ...args] = [command].flat()
  const child = spawn(program, args, {
    cwd,
    env: { ...env, PATH: path },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: typeof command === 'string',
  })
  const ended = new Promise<number | null>(done => child.once('error', () => done(null)).once('close', done))
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code, output: stdout + stderr }
}
