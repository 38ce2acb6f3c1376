import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { installNode } from '../scripts/install-node.mjs'
import { earlier as earlierOurs, ours } from './contestants/list.ts'
import { readVersions, thisMachine } from './machine.ts'
import { chooseRows, HELP, readOptions, wantsTable } from './options.ts'
import { writePage } from './page/write.ts'
import { APPS, PAGE, ROOT } from './places.ts'
import { planOf } from './plan.ts'
import { runBeside } from './rounds/beside.ts'
import { nameOf } from './rounds/rows.ts'
import { runRounds } from './rounds/run.ts'
import { variantsOf } from './rounds/variants.ts'
import { install } from './setup/install.ts'
import { createLock } from './setup/lock.ts'
import { installEarlier, installOurs, type Ours } from './setup/ours.ts'
import { loadAll, openStore } from './store.ts'
import { measureDeliveries } from './tables/delivery.ts'
import { measureImports } from './tables/import.ts'
import { measureInstalls } from './tables/install.ts'

const options = readOptions(process.argv.slice(2))
/** Prints progress to stderr; results go to stdout. */
const say = (line: string) => void process.stderr.write(`${line}\n`)

if (options.isHelp) process.stdout.write(HELP)
else if (options.node !== undefined && process.versions.node.split('.')[0] !== options.node.split('.')[0]) {
  const node = await installNode(options.node)
  const { status } = spawnSync(node, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit' })
  process.exitCode = status ?? 1
} else if (options.isBeside) await compareRevisions()
else {
  if (!options.writesOnly) await measureAll()
  await report()
}

async function measureAll(): Promise<void> {
  const { peers, isProfiled } = options
  const lock = createLock(options.lock)
  const startedAt = performance.now()
  const rows = chooseRows(options.only)
  const { hash, tarballs } = await installAll()
  const store = openStore(thisMachine(), await readVersions(), hash, options.isFresh)
  const contestants = [ours, ...peers]
  // An earlier revision is not on the registry.
  const released = contestants.filter(contestant => contestant !== earlierOurs)

  const plan = planOf(rows, options)
  const names = `${contestants.map(({ name }) => name)}`
  if (wantsTable(options.only, 'import')) {
    await store.measureOnce('import', names, () => measureImports(contestants, lock, say))
  }
  if (wantsTable(options.only, 'install')) {
    await store.measureOnce('install', names, () => measureInstalls(released, tarballs, lock, say))
  }
  if (wantsTable(options.only, 'delivery')) {
    const { deliveries } = plan
    await store.measureOnce('delivery', `${deliveries} rounds`, () => measureDeliveries(deliveries, lock, say))
  }
  for (const { row, rounds, choice } of plan.rows) {
    say(`${nameOf(row)}: ${rounds} rounds`)
    await runRounds(row, variantsOf(row, choice), store, { count: rounds, isProfiled, lock, say })
  }
  const minutes = (ms: number) => (ms / 60_000).toFixed(1)
  const waited = options.lock ? `, ${minutes(lock.waitedMs())} of them waiting for the lock` : ''
  say(`${minutes(performance.now() - startedAt)} minutes${waited}`)
}

async function compareRevisions(): Promise<void> {
  await installAll()
  for (const row of chooseRows(options.only))
    process.stdout.write(`${await runBeside(row, options.rounds ?? 10, say)}\n`)
}

/** The apps, the bundlers and all that take part. */
async function installAll(): Promise<Ours> {
  const { peers, earlier } = options
  await install(APPS, say)
  await install(join(ROOT, 'builds'), say)
  if (earlier) await installEarlier(earlier, say)
  for (const { name } of peers) await install(join(ROOT, 'contestants', name), say)
  return installOurs(say)
}

async function report(): Promise<void> {
  const stored = await loadAll()
  if (options.isJson) return void process.stdout.write(`${JSON.stringify(stored, null, 1)}\n`)
  // A single row, measured during development, is not enough for a page.
  if (options.only && !options.writesOnly) return
  await writePage(stored)
  process.stdout.write(await readFile(PAGE, 'utf8'))
}
