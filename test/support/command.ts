import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'

export interface Outcome {
  code: number | null
  stdout: string
  stderr: string
}

export interface Circumstances {
  cwd: string
  stdin?: string
  /** On top of this process's environment; `undefined` unsets. */
  env?: NodeJS.ProcessEnv
}

const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
const bin = join(import.meta.dirname, '../../packages/mapseal/bin/mapseal.js')

/** The `mapseal` command from source, as a process of its own. */
export function mapseal(args: string[], circumstances: Circumstances): Promise<Outcome> {
  return runNode(['-C', 'mapseal-source', '--import', loader, bin, ...args], circumstances)
}

/** Waits for the command to end and does not throw for its exit code. */
export function runNode(args: string[], circumstances: Circumstances): Promise<Outcome> {
  return runProgram(process.execPath, args, circumstances)
}

export async function runProgram(
  program: string,
  args: string[],
  { cwd, stdin = '', env }: Circumstances,
): Promise<Outcome> {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env } })
  // It may have ended before it read; then its exit code says why.
  child.stdin.on('error', () => {})
  child.stdin.end(stdin)
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code: child.exitCode, stdout, stderr }
}
