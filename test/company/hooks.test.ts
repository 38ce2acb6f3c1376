import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { type BuildRecord, listFiles, openVault } from '@mapseal/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isLong } from '../long/files.ts'
import { isMap, isScript } from '../matrix/files.ts'
import { type Cell, cells, type Host, heldCells, hosts, leftOutCells, nameOf } from './grid.ts'

/**
 * Another plugin fails in one of its hooks, before or after ours, on every host. Whatever then is on the disk: no map is
 * public, every script is named by a record whose map can be read, and the next build of the same process is a build.
 */

const child = join(import.meta.dirname, 'child.ts')
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

let temp: string
beforeAll(async () => {
  await mkdir(join(import.meta.dirname, '../.tmp'), { recursive: true })
  temp = await mkdtemp(join(import.meta.dirname, '../.tmp/company-'))
})
afterAll(() => rm(temp, { recursive: true }))

/** Hosts that share the plugin of another one: only the long run kills them. */
const isAlike = (host: Host) => host === 'vite7' || host === 'rolldown' || host === 'rspack'

type Placed = Cell & { dir: string }

/** A script with a lazy chunk, so that a folder has more than one of them. */
async function place(cell: Cell): Promise<Placed> {
  const dir = join(temp, nameOf(cell).replaceAll(/\W+/g, '-'))
  await mkdir(join(dir, 'src'), { recursive: true })
  await writeFile(join(dir, 'package.json'), '{ "name": "app", "type": "module" }')
  await writeFile(
    join(dir, 'src/main.js'),
    "import('./lazy.js').then(({ lazy }) => console.log(lazy(1)))\nexport const main = 1\n",
  )
  await writeFile(join(dir, 'src/lazy.js'), 'export function lazy(value) {\n  return value + 1\n}\n')
  return { ...cell, dir }
}

function start(cells: Placed[]) {
  const args = ['-C', 'mapseal-source', '--import', loader, child, JSON.stringify(cells)]
  return spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
}

describe.each(hosts)('%s', host => {
  const failing = heldCells.filter(cell => cell.host === host && cell.action !== 'is killed')
  let outcomes: Map<string, { first: string; second: string; dir: string }>

  beforeAll(async () => {
    const placed = await Promise.all(failing.map(place))
    const running = start(placed)
    const [stdout, stderr] = await Promise.all([text(running.stdout), text(running.stderr), once(running, 'exit')])
    const lines = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { first: string; second: string })
    expect(lines, stderr).toHaveLength(placed.length)
    outcomes = new Map(placed.map((cell, index) => [nameOf(cell), { ...lines[index], dir: cell.dir } as never]))
  }, 300_000)

  test.each(failing.map(cell => [nameOf(cell), cell] as const))('%s', async (name, cell) => {
    const { first, second, dir } = outcomes.get(name) as { first: string; second: string; dir: string }
    // esbuild takes no notice of an error that a plugin pushes.
    const isPassed = cell.host === 'esbuild' && cell.action === 'pushes an error'
    expect(first).toMatch(isPassed ? /^passed$/ : /^failed: (?:.|\n)*the other plugin failed/)
    expect(second).toBe('passed')
    await expectKept(dir, 'first')
    const records = await expectKept(dir, 'second')
    expect(scriptsOf(records, 'second').length).toBeGreaterThan(1)
    expect(
      records.filter(record => record.state === undefined && scriptsOf([record], 'second').length > 0),
    ).toHaveLength(1)
  })

  const killed = heldCells.filter(
    cell => cell.host === host && cell.action === 'is killed' && (isLong || !isAlike(host)),
  )
  test.each(killed.map(cell => [nameOf(cell), cell] as const))('%s', async (_, cell) => {
    const placed = await place(cell)
    const running = start([placed])
    const ended = once(running, 'exit')
    for await (const line of createInterface(running.stdout)) if (line === 'waiting') running.kill('SIGKILL')
    const [code, signal] = await ended
    expect([code, signal]).toEqual([null, 'SIGKILL'])
    await expectKept(placed.dir, 'first')
  })
})

test('each combination is held, or left out for a reason', () => {
  expect(heldCells.length + leftOutCells.length).toBe(cells.length)
  expect(heldCells.length).toBeGreaterThan(130)
  for (const { reason } of leftOutCells) expect(reason).not.toBe('')
  console.log(`company: ${heldCells.length} cells, ${leftOutCells.length} left out`)
})

/** What is in the folder is sealed, and the vault can read it. */
async function expectKept(dir: string, outDir: string): Promise<BuildRecord[]> {
  const vault = openVault('vault', dir)
  const records = await vault.records()
  if (!existsSync(join(dir, outDir))) return records
  const written = await listFiles(join(dir, outDir))
  expect(written.filter(isMap)).toEqual([])
  const files = scriptsOf(records, outDir)
  for (const path of written.filter(isScript)) {
    const code = await readFile(join(dir, outDir, path), 'utf8')
    expect(code).not.toContain('sourceMappingURL')
    const record = files.find(file => file.path === path)
    expect(record, `${outDir}/${path} is in no record`).toBeDefined()
    expect(code).toContain(record?.debugId)
    expect((await vault.read(record?.code as never)).toString()).toBe(code)
    expect(JSON.parse((await vault.read(record?.map as never)).toString()).version).toBe(3)
  }
  return records
}

function scriptsOf(records: BuildRecord[], outDir: string): BuildRecord['files'] {
  return records.flatMap(({ files }) =>
    files.filter(file => file.outDir.split('/').at(-1) === outDir && isScript(file.path)),
  )
}
