import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { openVault } from '@mapseal/core'
import { findSecrets } from '../../packages/core/src/guard/scan.ts'
import { generate as generateApp } from '../apps/generate.ts'
import { APPS } from '../places.ts'
import { install } from '../setup/install.ts'
import { makeMaps } from '../symbolicate/make.mjs'

/**
 * What it costs to look for secrets in maps, and to deliver a build to four vendors instead of one: apart, and as part of a build with
 * Vite. Prints tables; writes them to
 * bench/leaving/results.md.
 *
 * node -C mapseal-source --import tsx bench/leaving/run.mjs
 */

const here = import.meta.dirname
const root = dirname(dirname(here))
const out = join(here, '.out')
/** How programs in TypeScript run: with the packages as they are published, and from their sources. */
const published = ['--import', 'tsx']
const source = ['-C', 'mapseal-source', ...published]
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5)

execFileSync('npm', ['run', 'build'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
const { generate } = await import('../../test/toolchains/real/generate.ts')
const app = join(root, 'test/toolchains/real/.bench-leaving')
await generate(app)
const sizes = await makeMaps(app, out)
await install(APPS, console.error)
const medium = await generateApp('M')
const large = await readFile(join(out, 'large.js.map'))

/** In MB of map in a second of CPU, the best of several. */
function scanSpeed() {
  const speeds = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage()
    const found = findSecrets(large, [])
    const { user, system } = process.cpuUsage(before)
    return { speed: large.length / (user + system), found: found.length }
  })
  return speeds.sort((a, b) => b.speed - a.speed)[0]
}

const vault = join(out, 'vault')
await fillVault()

async function fillVault() {
  const pack = openVault(vault, out).newPack()
  const files = []
  const names = (await readdir(join(out, 'small'))).filter(name => name.endsWith('.js')).sort()
  for (const [index, path] of names.slice(0, sizes.smallMaps).entries()) {
    const debugId = `${String(index).padStart(8, '0')}-0000-8000-8000-000000000000`
    const [code, map] = await Promise.all(['', '.map'].map(end => readFile(join(out, 'small', path + end))))
    files.push({ path, outDir: 'small', debugId, ...(await pack.put({ path, debugId, code, map })) })
  }
  await pack.commit()
  const release = { name: '1.4.0', source: 'bench' }
  await openVault(vault, out).record({
    id: 'b',
    version: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
    release,
    files,
    deliveries: {},
  })
}

const server = spawn(process.execPath, [...source, join(here, 'server.ts')], { stdio: ['pipe', 'pipe', 'inherit'] })
const [origin] = await once(createInterface({ input: server.stdout }), 'line')

/** The least that it takes, of several runs. */
async function measure(script, variants) {
  const runs = variants.map(() => [])
  for (let round = 0; round < ROUNDS; round++) {
    // In turn, so that each meets the machine as the others do.
    for (const [index, args] of variants.entries()) {
      const all = [...published, join(here, script), ...args.map(String)]
      runs[index].push(JSON.parse(execFileSync(process.execPath, all, { encoding: 'utf8', cwd: root })))
      await rm(join(out, 'built'), { recursive: true, force: true })
    }
  }
  return runs.map(each => each.sort((a, b) => a.cpu - b.cpu)[0])
}

const { speed, found } = scanSpeed()
const [one, four] = await measure(
  'deliver.ts',
  [1, 4].map(count => [vault, origin, count]),
)
const [plain, builtForOne, builtForFour] = await measure(
  'build.ts',
  [0, 1, 4].map(count => [medium, join(out, 'built'), origin, count]),
)
server.kill()
await rm(app, { recursive: true })

const number = value => value.toLocaleString('en', { maximumFractionDigits: value < 1 ? 3 : value < 100 ? 2 : 0 })
const lines = [
  `Looking for secrets: ${number(speed)} MB of source map in a second of CPU, ${found} found in ${number(large.length / 1e6)} MB of real packages. Node ${process.version}, ${cpus()[0].model}, best of ${ROUNDS}.`,
  '',
  `Delivering ${sizes.smallMaps} scripts with ${number(sizes.smallBytes / 1e6)} MB of maps from the vault:`,
  '',
  '| destinations | CPU, s | of which delivering | peak memory, MB |',
  '| --- | --: | --: | --: |',
  ...[one, four].map(
    ({ names, cpu, deliverCpu, rss }) =>
      `| ${names.join(', ')} | ${number(cpu)} | ${number(deliverCpu)} | ${number(rss)} |`,
  ),
  '',
  'The medium app of the other tables, built with Vite and delivered at its end; four destinations cost ' +
    `${number((builtForFour.cpu - builtForOne.cpu) / plain.cpu)} of the plain build's CPU more than one, and ` +
    `${number(builtForFour.rss / builtForOne.rss)} times its memory:`,
  '',
  '| build | CPU, s | peak memory, MB |',
  '| --- | --: | --: |',
  ...[
    ['plain', plain],
    ['one destination', builtForOne],
    ['four destinations', builtForFour],
  ].map(([name, { cpu, rss }]) => `| ${name} | ${number(cpu)} | ${number(rss)} |`),
]
console.log(lines.join('\n'))
await writeFile(join(here, 'results.md'), `${lines.join('\n')}\n`)
await rm(out, { recursive: true })
