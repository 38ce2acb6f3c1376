import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Contestant } from '../contestants/list.ts'
import { median } from '../figures.ts'
import { ROOT } from '../places.ts'
import type { Lock } from '../setup/lock.ts'

/** What importing a plugin costs over a process that imports nothing. */
export interface ImportFigures {
  contestant: string
  entry: string
  cpuMs: number
  bytes: number
  runs: number
  /** Where it cannot be imported, why. */
  error?: string
}

interface Reading {
  cpuMs: number
  bytes: number
}

const run = promisify(execFile)
const RUNS = 11
const READ = `const { user, system } = process.cpuUsage()
console.log('\\n' + JSON.stringify({ cpuMs: (user + system) / 1000, bytes: process.memoryUsage.rss() }))
process.exit()`

export async function measureImports(
  contestants: Contestant[],
  lock: Lock,
  say: (line: string) => void,
): Promise<ImportFigures[]> {
  const figures: ImportFigures[] = []
  for (const contestant of contestants) figures.push(...(await lock.hold(() => measureContestant(contestant, say))))
  return figures
}

async function measureContestant({ name, entries }: Contestant, say: (line: string) => void): Promise<ImportFigures[]> {
  const figures: ImportFigures[] = []
  for (const entry of entries) {
    const costs = await measureImport(join(ROOT, 'contestants', name), entry)
    say(`import ${entry}: ${costs.error ?? `${costs.cpuMs.toFixed(0)} ms, ${(costs.bytes / 1e6).toFixed(1)} MB`}`)
    figures.push({ contestant: name, entry, ...costs })
  }
  return figures
}

/** Empty and importing processes in turn; the medians of the pairs' differences. */
async function measureImport(folder: string, entry: string): Promise<Omit<ImportFigures, 'contestant' | 'entry'>> {
  const differences: Reading[] = []
  try {
    for (let index = 0; index < RUNS; index++) {
      const empty = await read(folder, '')
      const full = await read(folder, `await import('${entry}')\n`)
      differences.push({ cpuMs: full.cpuMs - empty.cpuMs, bytes: full.bytes - empty.bytes })
    }
  } catch (cause) {
    const text = (cause as { stderr?: string }).stderr ?? String(cause)
    const error = text.split('\n').find(line => /^\w*Error/.test(line)) ?? text.slice(0, 100)
    return { cpuMs: 0, bytes: 0, runs: 0, error }
  }
  const cpuMs = median(differences.map(({ cpuMs }) => cpuMs))
  return { cpuMs, bytes: median(differences.map(({ bytes }) => bytes)), runs: RUNS }
}

/** Text on the command line resolves its imports from the working folder, as a config there would. */
async function read(cwd: string, before: string): Promise<Reading> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', `${before}${READ}`], { cwd })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}
