import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync, writeSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { REPOSITORY, SCRATCH } from '../places.ts'
import { makeLog, makeVault } from './make.ts'

/**
 * `mapseal symbolicate --follow` on a log of 100 MB with 10,000 stacks of 20 maps: how fast, how much memory, and how long a
 * line takes. Prints the figures and writes them to bench/log/results.md.
 *
 * node -C mapseal-source --import tsx bench/log/main.ts
 */

const dir = join(SCRATCH, 'log')
await rm(dir, { recursive: true, force: true })
await mkdir(dir, { recursive: true })
const scripts = await makeVault(dir)
const log = makeLog(scripts, 100e6, 10_000)
const LAST_LINE = 'end of the log\n'
const logFile = join(dir, 'app.log')
await writeFile(logFile, Buffer.concat([log, Buffer.from(LAST_LINE)]))
const cli = join(dir, 'cli.mjs')
await build({
  stdin: {
    contents: `import { main } from '@mapseal/cli'; process.exitCode = await main(process.argv.slice(2))`,
    resolveDir: join(REPOSITORY, 'packages/mapseal'),
  },
  bundle: true,
  platform: 'node',
  format: 'esm',
  conditions: ['mapseal-source'],
  external: ['@aws-sdk/*', '@mapseal/server', 'fast-glob', 'undici', '@babel/*', '@clack/*', 'ci-info', 'magic-string'],
  outfile: cli,
  logLevel: 'error',
})

// As in `cat app.log | mapseal symbolicate --follow | cat > read.log`: this process is not the slowest of them.
const outFile = join(dir, 'read.log')
const output = openSync(outFile, 'w+')
const [stdin, input] = pipeAt(join(dir, 'stdin'))
const [stdoutEnd, stdout] = pipeAt(join(dir, 'stdout'))
const child = spawn(process.execPath, [cli, 'symbolicate', '--follow', '--vault', '.mapseal'], {
  cwd: dir,
  stdio: [stdin, stdout, 'inherit'],
})
spawn('cat', { stdio: [stdoutEnd, output, 'inherit'] })
for (const end of [stdin, stdoutEnd, stdout]) closeSync(end)

/** Looks every millisecond. */
async function untilOutputEndsWith(text: string): Promise<void> {
  const tail = Buffer.alloc(text.length)
  do {
    await new Promise(done => setTimeout(done, 1))
    readSync(output, tail, 0, text.length, Math.max(0, fstatSync(output).size - text.length))
  } while (tail.toString() !== text)
}

// Its start does not count.
writeSync(input, 'ready\n')
await untilOutputEndsWith('ready\n')
const delays: number[] = []
const started = performance.now()
spawn('cat', [logFile], { stdio: ['ignore', input, 'inherit'] })
await untilOutputEndsWith(LAST_LINE)
const seconds = (performance.now() - started) / 1000
// In ticks of 10 ms; the 14th and 15th field, of which the second has blanks.
const [user = 0, system = 0] = statOf(child.pid).slice(11, 13).map(Number)
const memory = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1000

for (const [index, script] of scripts.entries()) {
  const line = `{"stack":"Error\\n    at t (${script.url}:1:${script.columns[index % script.columns.length]})"} ${index}\n`
  const sent = performance.now()
  writeSync(input, line)
  await untilOutputEndsWith(`} ${index}\n`)
  delays.push(performance.now() - sent)
}
closeSync(input)
await once(child, 'exit')

const text = readFileSync(outFile, 'latin1')
const around = (bytes: string) =>
  createHash('sha256')
    .update(bytes.replace(/at (?:[\w$. ]+ \()?[^\s()"]+:\d+:\d+\)?/g, '…'))
    .digest('hex')
const body = text.slice('ready\n'.length, text.indexOf(LAST_LINE))
const isEqual = around(body) === around(log.toString('latin1'))
const left = [...body.matchAll(/cdn\.example/g)].length

/** A pipe that several processes may write to; opened without waiting for the other end. */
function pipeAt(path: string): [reading: number, writing: number] {
  execFileSync('mkfifo', [path])
  const reading = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  return [reading, openSync(path, constants.O_WRONLY)]
}

function statOf(pid: number | undefined): string[] {
  return readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
}

const rows = [
  ['speed', `${Math.round(log.length / 1e6 / seconds)} MB/s`],
  ['CPU time, with the start and reading the maps', `${((user + system) / 100).toFixed(1)} s`],
  ['peak memory', `${Math.round(memory)} MB`],
  ['longest time from the end of a line to its output', `${Math.max(...delays).toFixed(1)} ms`],
  ['bytes outside of frames', isEqual ? 'equal' : 'DIFFERENT'],
  ['frames that were not found', String(left)],
]
const head = '| a log of 100 MB with 10,000 stacks of 20 maps, 997 of them different | |'
const page = [head, '| --- | --: |', ...rows.map(([a, b]) => `| ${a} | ${b} |`)]
console.log(page.join('\n'))
await writeFile(join(import.meta.dirname, 'results.md'), `${page.join('\n')}\n`)
await rm(dir, { recursive: true })
