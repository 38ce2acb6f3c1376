import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { openVault } from '@mapseal/core'
import type { Io } from '../io.ts'
import type { BundlerConfig } from './project.ts'

/** What a build showed. */
export type CheckedBuild =
  | { state: 'decodes'; scripts: number; decodable: number }
  | { state: 'failed'; output: string }
  /** Why there was none. */
  | { state: 'skipped'; reason: string }

/** Builds the project once, and looks whether its scripts can be decoded and reveal nothing. */
export async function checkBuild({ bundler, path }: BundlerConfig, io: Io): Promise<CheckedBuild> {
  if (!isInstalled(io.cwd))
    return {
      state: 'skipped',
      reason: 'mapseal is not installed here. Run npm install --save-dev mapseal, then build.',
    }
  const command = commandOf(bundler.build, path, io.cwd)
  if (!command) return { state: 'skipped', reason: `the command ${bundler.build?.[0]} was not found. Build yourself.` }
  const vault = openVault(io.env.MAPSEAL_VAULT, io.cwd)
  const before = await vault.newest()
  const { code, output } = await run(command, io)
  if (code !== 0) return { state: 'failed', output }
  const record = await vault.newest()
  if (!record || record.id === before?.id)
    return { state: 'failed', output: `${output}No build is in ${vault.location}.` }
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
function isInstalled(cwd: string): boolean {
  try {
    createRequire(join(cwd, 'package.json')).resolve('mapseal/package.json')
    return true
  } catch {
    return false
  }
}

/** A script is run itself; a command is that of the project, or of a folder above it in a workspace. */
function commandOf(build: string[] | undefined, path: string, cwd: string): string[] | undefined {
  if (!build) return [process.execPath, path]
  const [name = '', ...args] = build
  for (let dir = resolve(cwd); ; dir = dirname(dir)) {
    const file = join(dir, 'node_modules/.bin', name)
    if (existsSync(file)) return [file, ...args]
    if (dirname(dir) === dir) return undefined
  }
}

async function run(
  [program = '', ...args]: string[],
  { cwd, env }: Io,
): Promise<{ code: number | null; output: string }> {
  const path = [join(cwd, 'node_modules/.bin'), env.PATH].join(delimiter)
  const child = spawn(program, args, { cwd, env: { ...env, PATH: path }, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>(done => child.once('error', () => done(null)).once('close', done))
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code, output: stdout + stderr }
}
