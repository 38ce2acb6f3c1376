import { cp, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { generate } from '../apps/generate.ts'
import type { Job } from '../builds/types.ts'
import { type Cost, measure } from '../measure/run.ts'
import { REPOSITORY, ROOT, SCRATCH } from '../places.ts'
import { startServer } from '../server/start.ts'
import type { Settings, Traffic } from '../server/types.ts'
import type { Lock } from '../setup/lock.ts'

/** One delivery of the medium app's output. */
export interface DeliveryFigures {
  tool: string
  latencyMs: number
  /** Whether the server already has everything. */
  isUnchanged: boolean
  cost: Cost
  traffic: Traffic
  error?: string
}

/** 100 Mbit/s. */
export const BYTES_PER_SECOND = 12_500_000
const LATENCIES = [0, 50, 150]
export const UNCHANGED_LATENCY = 50
const CLIS = ['sentry-cli-2', 'sentry-cli-3']

interface Tool {
  name: string
  /** Puts back what an earlier delivery changed. */
  reset(): Promise<void>
  parameters: string[]
}

export async function measureDeliveries(
  rounds: number,
  lock: Lock,
  say: (line: string) => void,
): Promise<DeliveryFigures[]> {
  const tools = await lock.hold(prepare)
  const figures: DeliveryFigures[] = []
  for (let round = 0; round < rounds; round++) {
    for (const latencyMs of LATENCIES) {
      figures.push(...(await lock.hold(() => deliverWithAll(tools, latencyMs, say))))
    }
  }
  return figures
}

async function deliverWithAll(
  tools: Tool[],
  latencyMs: number,
  say: (line: string) => void,
): Promise<DeliveryFigures[]> {
  const figures: DeliveryFigures[] = []
  for (const tool of tools) {
    const deliveries = await deliver(tool, { latencyMs, bytesPerSecond: BYTES_PER_SECOND })
    for (const delivery of deliveries) say(lineOf(delivery))
    figures.push(...deliveries)
  }
  return figures
}

/** Once to a server that knows nothing, and at one latency again to the same. */
async function deliver(tool: Tool, settings: Settings): Promise<DeliveryFigures[]> {
  await using server = await startServer(settings)
  const env = { SENTRY_URL: server.url, SENTRY_AUTH_TOKEN: 'secret', SENTRY_ORG: 'acme', SENTRY_PROJECT: 'web' }
  const figures: DeliveryFigures[] = []
  for (const isUnchanged of settings.latencyMs === UNCHANGED_LATENCY ? [false, true] : [false]) {
    await tool.reset()
    await server.clear()
    const { code, output, ...cost } = await measure(process.execPath, tool.parameters, { cwd: SCRATCH, env })
    const traffic = await server.traffic()
    const { latencyMs } = settings
    const error = code === 0 ? {} : { error: output.slice(0, 300) }
    figures.push({ tool: tool.name, latencyMs, isUnchanged, cost, traffic, ...error })
  }
  return figures
}

/** Builds once for all tools: into a vault with the delivery pending, and into a folder in which `sentry-cli` injects its own IDs. */
async function prepare(): Promise<Tool[]> {
  const app = await generate('M')
  const folder = join(SCRATCH, 'delivery')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const vault = join(folder, 'vault')
  const common = { bundler: 'vite8', app, release: 'bench-1.0.0' } as const
  await build({ ...common, outDir: join(folder, 'sealed'), vault, contestant: 'mapseal', mode: 'later' })
  const used = join(folder, 'vault-in-use')
  const config = join(ROOT, 'contestants/mapseal/mapseal.config.mjs')
  const bin = join(ROOT, 'contestants/mapseal/node_modules/mapseal/bin/mapseal.js')
  const flush: Tool = {
    name: 'mapseal flush',
    async reset() {
      await rm(used, { recursive: true, force: true })
      await cp(vault, used, { recursive: true })
    },
    parameters: [bin, 'flush', '--vault', used, '--config', config],
  }
  return [flush, ...(await Promise.all(CLIS.map(name => prepareCli(name, { ...common, vault }, folder))))]
}

async function prepareCli(name: string, job: Omit<Job, 'outDir'>, folder: string): Promise<Tool> {
  const outDir = join(folder, name)
  const bin = join(REPOSITORY, 'node_modules', name, 'bin/sentry-cli')
  await build({ ...job, outDir })
  await expectSuccess([bin, 'sourcemaps', 'inject', outDir])
  return { name, async reset() {}, parameters: [bin, 'sourcemaps', 'upload', '--release', job.release, outDir] }
}

const build = (job: Job) => expectSuccess([join(ROOT, 'build.mjs'), JSON.stringify(job)])

async function expectSuccess(parameters: string[]): Promise<void> {
  const { code, output } = await measure(process.execPath, parameters, { cwd: SCRATCH })
  if (code !== 0) throw new Error(`node ${parameters.join(' ')} failed:\n${output}`)
}

function lineOf({ tool, latencyMs, isUnchanged, cost, traffic, error }: DeliveryFigures): string {
  const name = `delivery ${tool} ${latencyMs} ms${isUnchanged ? ' unchanged' : ''}`
  const sent = `${(traffic.bytes / 1e6).toFixed(2)} MB in ${traffic.requests} requests, ${traffic.maxInFlight} at once`
  const times = `${(cost.wallMs / 1000).toFixed(2)} s, ${(traffic.spanMs / 1000).toFixed(2)} s of them requests`
  return `${name}: ${error ? `FAILED (${error})` : times}; ${sent}; ${traffic.maps} maps ${traffic.problems.join('; ')}`
}
