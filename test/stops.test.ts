import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { openStore } from '@mapseal/core'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isLong } from './long/files.ts'
import type { Outcome, Task } from './stops/child.ts'
import { faultsOf } from './stops/faults.ts'
import { type Subject, subjects } from './stops/subjects.ts'

/**
 * Every host, and `mapseal seal`, stop at the n-th operation for every n. The operations are those of `node:fs` that change
 * the output folder or the vault. What a bundler writes in Rust or Go happens between them, as one step: Rolldown, Vite 8 and
 * esbuild.
 *
 * Whatever is then on the disk: a script has its map beside it, or a record names it, and the record's packs are whole.
 */

const child = join(import.meta.dirname, 'stops/child.ts')
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

let temp: string
let template: string
beforeAll(async () => {
  await mkdir(join(import.meta.dirname, '.tmp'), { recursive: true })
  temp = await mkdtemp(join(import.meta.dirname, '.tmp/stops-'))
  template = join(temp, 'template')
  await mkdir(join(template, 'src'), { recursive: true })
  await writeFile(join(template, 'package.json'), '{ "name": "app", "type": "module" }')
  const main = "import('./lazy.js').then(({ lazy }) => console.log(lazy(1)))\nexport const main = 1\n"
  await writeFile(join(template, 'src/main.js'), main)
  await writeFile(join(template, 'src/lazy.js'), 'export function lazy(value) {\n  return value + 1\n}\n')
  await build({
    entryPoints: [join(template, 'src/main.js')],
    outdir: join(template, 'out'),
    bundle: true,
    splitting: true,
    format: 'esm',
    sourcemap: 'linked',
  })
  await dressUp(join(template, 'out'))
})

/** What `seal` changes besides scripts: a style sheet with a map, a compressed copy, and a page that pins a digest. */
async function dressUp(out: string): Promise<void> {
  const main = await readFile(join(out, 'main.js'))
  const digest = createHash('sha384').update(main).digest('base64')
  await writeFile(join(out, 'main.js.gz'), gzipSync(main))
  await writeFile(join(out, 'style.css'), 'a{color:red}\n/*# sourceMappingURL=style.css.map */\n')
  const map = { version: 3, sources: ['style.scss'], sourcesContent: ['a { color: red }'], names: [], mappings: 'AAAA' }
  await writeFile(join(out, 'style.css.map'), JSON.stringify(map))
  const tag = `<script type="module" src="main.js" integrity="sha384-${digest}"></script>`
  await writeFile(join(out, 'index.html'), `<!doctype html><title>app</title>${tag}\n`)
}
afterAll(() => rm(temp, { recursive: true }))

async function start(task: Omit<Task, 'template'>) {
  const args = ['-C', 'mapseal-source', '--import', loader, child, JSON.stringify({ ...task, template })]
  const running = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(running.stdout),
    text(running.stderr),
    once(running, 'exit'),
  ])
  return { stdout, stderr, code, signal }
}

/** One subject of each family; the long run has all of them. */
const sample = ['vite8', 'webpack', 'esbuild'] as const

const found = new Map<string, Outcome>()

async function runAll(subject: Subject, setting: Task['setting']): Promise<void> {
  const { stdout, stderr } = await start({ subject, setting, dir: join(temp, `${subject}-${setting}`) })
  const outcome = JSON.parse(stdout.trim().split('\n').at(-1) || 'null') as Outcome | null
  expect(outcome, stderr).not.toBeNull()
  found.set(`${subject} ${setting}`, outcome as Outcome)
  expect(outcome?.faults).toEqual([])
}

test.each(subjects)('%s: a new vault in a folder', { timeout: 600_000 }, async subject => {
  await runAll(subject, 'fresh')
  expect(found.get(`${subject} fresh`)?.operations).toBeGreaterThan(20)
})

test.each(isLong ? subjects : sample)('%s: a vault in a bucket', { timeout: 600_000 }, async subject => {
  await runAll(subject, 'bucket')
  expect(found.get(`${subject} bucket`)?.operations).toBeGreaterThan(5)
})

test.each(isLong ? (['rollup', 'esbuild', 'rspack'] as const) : [])(
  '%s: over an earlier build',
  { timeout: 600_000 },
  async subject => {
    await runAll(subject, 'again')
  },
)

/** Besides those that only fail from then on. */
const kills = Number(process.env.STOPS_KILLS ?? 1)

test.each(subjects)('%s: the process is killed', { timeout: 600_000 }, async subject => {
  const operations = found.get(`${subject} fresh`)?.operations as number
  for (let kill = 1; kill <= kills; kill++) {
    const killAfter = Math.round((operations * kill) / (kills + 1))
    const dir = join(temp, `${subject}-killed-${killAfter}`)
    const { signal, stderr } = await start({ subject, setting: 'fresh', dir, killAfter })
    expect(signal, stderr).toBe('SIGKILL')
    expect(await faultsOf(join(dir, 'out'), openStore('vault', dir))).toEqual([])
  }
})

afterAll(() => {
  const lines = [...found].map(([name, { operations, runs }]) => `${name}: ${operations} operations, ${runs} runs`)
  console.log(`stops\n${lines.join('\n')}`)
})
