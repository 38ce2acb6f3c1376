import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Job } from '../builds/types.ts'
import { type Cost, measure } from '../measure/run.ts'
import { PROFILES, REPOSITORY, ROOT, SCRATCH } from '../places.ts'
import { startServer } from '../server/start.ts'
import type { Traffic } from '../server/types.ts'
import { type Output, readOutput } from './output.ts'
import type { Row } from './rows.ts'
import type { Variant } from './variants.ts'

/** One build of one variant. */
export interface Sample extends Cost {
  output: Output
  traffic?: Traffic
  /** The build's error message. */
  error?: string
}

/** Where a build runs. */
export interface Place {
  /** Where its output and its vault go. */
  folder: string
  /** The processor core that it is bound to, from 0; any where absent. */
  core?: number
}

/** Builds into an emptied folder, with a vault, a home and a server that know nothing. */
export async function takeSample(
  row: Row,
  app: string,
  variant: Variant,
  isProfiled: boolean,
  { folder, core }: Place = { folder: SCRATCH },
): Promise<Sample> {
  const outDir = join(folder, 'dist')
  const vault = join(folder, 'vault')
  for (const folder of [outDir, vault]) await rm(folder, { recursive: true, force: true })
  await mkdir(outDir, { recursive: true })
  const { bundler } = row
  const job: Job = { bundler, app, outDir, vault, release: 'bench-1.0.0', ...partOf(variant) }
  const flags = isProfiled ? ['--cpu-prof', '--cpu-prof-dir', await profilesOf(row, variant)] : []
  const bound = core === undefined ? [] : ['taskset', '--cpu-list', `${core}`]
  const build = async () => {
    const [program = '', ...rest] = [...bound, process.execPath, ...flags, join(ROOT, 'build.mjs'), JSON.stringify(job)]
    return measure(program, rest, { cwd: app })
  }

  if (variant.mode !== 'full') return sampleOf(await build(), await readOutput(outDir))
  await using server = await startServer()
  job.url = server.url
  const run = await build()
  return { ...sampleOf(run, await readOutput(outDir)), traffic: await server.traffic() }
}

function partOf({ contestant, mode }: Variant): Pick<Job, 'contestant' | 'mode'> {
  return contestant && mode ? { contestant: contestant.name, mode } : {}
}

function sampleOf({ code, output: text, ...cost }: Awaited<ReturnType<typeof measure>>, output: Output): Sample {
  return { ...cost, output, ...(code === 0 ? {} : { error: essence(text) || `exit code ${code}` }) }
}

/** The first lines of the last failure that the build's process printed, without colours and stacks, which add nothing. */
function essence(text: string): string {
  const plain = text.replace(/\u001b\[[\d;]*m/g, '')
  const failure = plain.split('failure: ').at(-1) ?? ''
  const lines = failure.split('\n').map(line => line.trim())
  const shown = lines.filter(line => line !== '' && !/^(?:at |Build failed with|\|)/.test(line))
  return shown.slice(0, 2).join(' ').replaceAll(REPOSITORY, '.').slice(0, 200)
}

async function profilesOf({ bundler, size }: Row, variant: Variant): Promise<string> {
  const folder = join(PROFILES, `${bundler}-${size}-${variant.name.replace('/', '-')}`)
  await mkdir(folder, { recursive: true })
  return folder
}
