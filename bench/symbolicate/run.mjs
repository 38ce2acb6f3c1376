import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import * as esbuild from 'esbuild'
import { makeMaps } from './make.mjs'

/**
 * Our reader of source maps against `source-map`, `@jridgewell/trace-mapping` and `sentry-cli sourcemaps resolve`, each task
 * in a fresh process. Prints a table; writes it and the figures to bench/symbolicate/results.{md,json}.
 *
 * node --import tsx bench/symbolicate/run.mjs
 */

const here = import.meta.dirname
const root = dirname(dirname(here))
const out = join(here, '.out')
const require = createRequire(import.meta.url)
const ROUNDS = 3
const tasks = { first: 'first frame', one: '10,000 frames of one map', many: '10,000 frames over 500 maps' }
const readers = ['mapseal', 'mapseal, with source lines and function', 'trace-mapping', 'source-map']

const { generate } = await import('../../test/toolchains/real/generate.ts')
const app = join(root, 'test/toolchains/real/.bench-symbolicate')
await generate(app)
const sizes = await makeMaps(app, out)
await rm(app, { recursive: true })
const ours = join(out, 'mapseal.mjs')
await mkdir(out, { recursive: true })
const core = join(root, 'packages/core/src/symbolicate')
await esbuild.build({
  stdin: { contents: `export * from './map/open.ts'; export * from './map-reader.ts'`, resolveDir: core, loader: 'ts' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  outfile: ours,
  logLevel: 'error',
})

/** The fastest of several runs; its process as a whole is timed too. */
function best(run) {
  const runs = Array.from({ length: ROUNDS }, () => {
    const started = performance.now()
    const result = run()
    return { ...result, processMs: performance.now() - started }
  })
  return runs.sort((a, b) => a.processMs - b.processMs)[0]
}

const results = []
for (const task of Object.keys(tasks)) {
  for (const reader of readers) {
    const args = [join(here, 'read.mjs'), reader, task, join(out, 'plan.json'), ours]
    results.push({
      task,
      reader,
      ...best(() => JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))),
    })
    console.error(JSON.stringify(results.at(-1)))
  }
}

const plan = JSON.parse(readFileSync(join(out, 'plan.json'), 'utf8'))
for (const name of ['sentry-cli-2', 'sentry-cli-3']) {
  const module = require(name)
  const binary = (module.SentryCli ?? module.default ?? module).getPath()
  const resolve = (path, [line, column]) => {
    // `time` reports the peak memory of a child, which no API of Node does.
    const args = ['-f', '%M', binary, 'sourcemaps', 'resolve', path, '-l', String(line), '-c', String(column)]
    const { stderr } = spawn('/usr/bin/time', args)
    return { rssMb: Number(stderr.trim().split('\n').at(-1)) / 1024 }
  }
  results.push({ task: 'first', reader: name, ...best(() => resolve(plan.first[0].map, plan.first[0].frames[0])) })
  // A process for each frame: a sample of them, multiplied.
  for (const task of ['one', 'many']) {
    const sample = plan[task].flatMap(({ map, frames }) => frames.slice(0, 10).map(frame => [map, frame])).slice(0, 10)
    const runs = sample.map(([map, frame]) => best(() => resolve(map, frame)))
    const mean = runs.reduce((sum, run) => sum + run.processMs, 0) / runs.length
    results.push({
      task,
      reader: name,
      processMs: mean * 10_000,
      isExtrapolated: true,
      rssMb: Math.max(...runs.map(run => run.rssMb)),
    })
  }
}

function spawn(command, args) {
  const { spawnSync } = require('node:child_process')
  return spawnSync(command, args, { encoding: 'utf8' })
}

const sums = new Map()
for (const { task, reader, sum, found } of results) {
  if (sum === undefined) continue
  const answer = `${found} ${sum}`
  if (sums.has(task) && sums.get(task) !== answer)
    throw new Error(`${reader} answers ${task} otherwise: ${answer}, not ${sums.get(task)}`)
  sums.set(task, answer)
}

const number = value => value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 })
const lines = [
  `The large map has ${number(sizes.largeBytes / 1e6)} MB; the ${sizes.smallMaps} others ${number(sizes.smallBytes / 1e6)} MB together. Node ${process.version}, ${cpus()[0].model}, best of ${ROUNDS}.`,
  '',
  '| task | reader | process, ms | without start, ms | peak memory, MB |',
  '| --- | --- | --: | --: | --: |',
  ...results
    .sort(
      (a, b) => Object.keys(tasks).indexOf(a.task) - Object.keys(tasks).indexOf(b.task) || a.processMs - b.processMs,
    )
    .map(
      ({ task, reader, processMs, ms, rssMb, isExtrapolated }) =>
        `| ${tasks[task]} | ${reader} | ${number(processMs)}${isExtrapolated ? ' (a process a frame; 10 measured)' : ''} | ${ms === undefined ? '' : number(ms)} | ${number(rssMb)} |`,
    ),
]
console.log(lines.join('\n'))
await writeFile(join(here, 'results.md'), `${lines.join('\n')}\n`)
await writeFile(join(here, 'results.json'), `${JSON.stringify({ node: process.version, sizes, results }, null, 1)}\n`)
await rm(out, { recursive: true })
