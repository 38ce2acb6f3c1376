import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { watchMemory } from './memory.ts'

/** What one run of a program cost, with everything that it started. */
export interface Cost {
  wallMs: number
  /** CPU time of the whole process tree, including processes left behind. */
  cpuMs: number
  /** Peak memory of the whole process tree at one time, in bytes. */
  peakBytes: number
  /** Names of processes that it started and that outlived it. */
  leftBehind: string[]
}

export interface Run extends Cost {
  /** Null where a signal ended it. */
  code: number | null
  output: string
}

const WRAPPER = join(import.meta.dirname, 'wrapper.mjs')
const LIMIT_MS = 600_000
const GRACE_MS = 500

/** Runs a program in a session of its own with a home folder of its own, which tools keep their state in. */
export async function measure(
  program: string,
  parameters: string[],
  { cwd, env = {} }: { cwd: string; env?: NodeJS.ProcessEnv },
): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'mapseal-bench-'))
  const result = join(folder, 'result.json')
  const home = join(folder, 'home')
  await mkdir(home)
  const child = spawn(process.execPath, [WRAPPER, result, program, ...parameters], {
    cwd,
    detached: true,
    env: { ...plainEnvironment(), HOME: home, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const memory = watchMemory(child.pid ?? 0)
  const limit = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), LIMIT_MS)
  try {
    const output: Buffer[] = []
    child.stdout.on('data', part => output.push(part))
    child.stderr.on('data', part => output.push(part))
    await once(child, 'exit')
    const peakBytes = memory.stop()
    // What it left behind may hold its output open for ever.
    await Promise.race([once(child, 'close'), sleep(GRACE_MS)])
    const text = Buffer.concat(output).toString()
    if (child.exitCode !== 0) throw new Error(`${program} did not end within ${LIMIT_MS / 1000} s:\n${text}`)
    const { code, wallMs, cpuMs, leftBehind } = JSON.parse(await readFile(result, 'utf8'))
    return { code, wallMs, cpuMs, peakBytes, leftBehind, output: text }
  } finally {
    clearTimeout(limit)
    memory.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Without variables that set releases, tokens or colours, and without those that npm sets for its scripts. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const unwanted = /^(?:npm_|NODE_OPTIONS$|NODE_ENV$|CI$|GITHUB_|SENTRY|MAPSEAL|DATADOG|DD_|POSTHOG|FORCE_COLOR$)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !unwanted.test(name)))
}
