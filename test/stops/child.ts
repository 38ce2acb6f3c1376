// Runs a subject with ever more operations until it comes to its end, and prints what is at fault as JSON. The argument is a
// `Task` as JSON.
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startMemoryS3 } from './memory-s3.ts'
import type { Subject } from './subjects.ts'
import { type End, unwatch, watchFolders, wrapFileSystem } from './watched-files.ts'

export interface Task {
  subject: Subject
  /** With the project. */
  template: string
  /** For the runs. */
  dir: string
  /**
   * - `fresh`: into a new vault
   * - `again`: after a build of other sources into the same folder and the same vault
   * - `bucket`: into a new vault in a bucket; the operations are requests
   */
  setting: 'fresh' | 'again' | 'bucket'
  /** Runs once, in `dir` itself, and is killed after so many operations. */
  killAfter?: number
}

export interface Outcome {
  /** How many operations there are. */
  operations: number
  runs: number
  /** What the vault and the output lack, each with the operation at which the run stopped. */
  faults: string[]
}

/** How a run ended. */
interface Run {
  hasStopped: boolean
  /** Whether the operation may also have been done in part. */
  hasParts: boolean
}

wrapFileSystem()
const { openStore } = await import('@mapseal/core')
const { faultsOf, unfinishedIn } = await import('./faults.ts')
const { prepare, work } = await import('./subjects.ts')
const { subject, template, dir: temp, setting, killAfter } = JSON.parse(process.argv[2] as string) as Task
const faults: string[] = []
let runs = 0

if (killAfter !== undefined) await runOnFiles(temp, killAfter, 'the process is killed')
const operations = setting === 'bucket' ? await stopRequests() : await stopFiles()
console.log(JSON.stringify({ operations, runs, faults } satisfies Outcome))

/** @returns how many operations there are */
async function stopFiles(): Promise<number> {
  for (let limit = 0; ; limit++) {
    const { hasStopped, hasParts } = await runOnFiles(join(temp, `${limit}`), limit, 'nothing is done')
    if (!hasStopped) return limit
    if (hasParts) await runOnFiles(join(temp, `${limit}-half`), limit, 'half is written')
  }
}

async function runOnFiles(dir: string, limit: number, end: End): Promise<Run> {
  const vault = join(dir, 'vault')
  await prepare(subject, template, dir)
  if (setting === 'again') await buildBefore(dir, vault)
  const watched = watchFolders([join(dir, 'out'), vault], limit, end)
  const failure = await attempt(dir, vault)
  const place = `${limit} (${end}): ${watched.stoppedAt?.replace(dir, '')}`
  await judge(place, dir, vault, watched.hasStopped ? undefined : failure)
  if (subject === 'seal' && watched.hasStopped) {
    unwatch(watched)
    await judge(`${place}, and a second run`, dir, vault, await attempt(dir, vault))
    faults.push(
      ...(await unfinishedIn(join(dir, 'out'), openStore(vault, dir))).map(
        fault => `${place}, and a second run: ${fault}`,
      ),
    )
  }
  return { hasStopped: watched.hasStopped, hasParts: watched.wasWrite }
}

async function buildBefore(dir: string, vault: string): Promise<void> {
  await work(subject, dir, vault)
  await appendFile(join(dir, 'src/main.js'), 'console.log(main)\n')
}

async function stopRequests(): Promise<number> {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' })
  const s3 = await startMemoryS3()
  // All hosts have the same vault, so that an answer which is lost is tried on two of them.
  const ways = subject === 'esbuild' || subject === 'seal' ? [false, true] : [false]
  for (let limit = 0; ; limit++) {
    for (const isLate of ways) {
      const run = `${limit}-${isLate}`
      const dir = join(temp, run)
      const vault = `s3://maps/runs/${run}?endpoint=${s3.url}`
      await prepare(subject, template, dir)
      s3.limit(run, limit, isLate)
      const failure = await attempt(dir, vault)
      const hasStopped = s3.hasStopped(run)
      s3.free(run)
      await judge(`request ${limit}${isLate ? ', done' : ''}`, dir, vault, hasStopped ? undefined : failure)
      if (hasStopped) continue
      s3.close()
      return limit
    }
  }
}

async function attempt(dir: string, vault: string): Promise<Error | undefined> {
  runs += 1
  return work(subject, dir, vault).then(
    () => undefined,
    (cause: Error) => cause,
  )
}

/** @param failure of a run that nothing stopped */
async function judge(place: string, dir: string, vault: string, failure: Error | undefined): Promise<void> {
  const found = await faultsOf(join(dir, 'out'), openStore(vault, dir))
  if (failure) found.push(`it fails: ${failure.message}`)
  faults.push(...found.map(fault => `${place}: ${fault}`))
}
