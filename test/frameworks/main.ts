import { spawnSync } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rows } from './rows/rows.ts'
import { buildMapseal } from './run/build.ts'
import { pageOf } from './run/page.ts'
import type { Result } from './run/row.ts'
import { keyOf, runRow } from './run/run-row.ts'

/**
 * Builds and runs the apps of real frameworks, one at a time, and writes docs/frameworks.md. What has a result is passed over, so
 * that a run that was stopped goes on; names of rows build those again and nothing else, `--page` only writes the page. The tests come last.
 */
const results = join(import.meta.dirname, 'results')
const names = process.argv.slice(2).filter(word => !word.startsWith('--'))
const unknown = names.filter(name => !rows.some(row => row.name === name))
if (unknown.length > 0) throw new Error(`There is no row ${unknown.join(', ')}.`)

const isPageOnly = process.argv.includes('--page')
if (!isPageOnly) await buildMapseal()
await mkdir(results, { recursive: true })
const found = new Map<string, Result>()
const failures = new Map<string, string>()
for (const row of rows) {
  const file = join(results, `${row.name}.json`)
  if (row.broken) failures.set(row.name, row.broken)
  if (row.broken && !names.includes(row.name)) continue
  const key = await keyOf(row)
  const known: Result | undefined = await readFile(file, 'utf8').then(JSON.parse, () => undefined)
  const isCurrent = known?.key === key && known.onlyPlain !== undefined && !names.includes(row.name)
  if (known) found.set(row.name, known)
  if (isCurrent || isPageOnly || (names.length > 0 && !names.includes(row.name))) continue
  try {
    const result = await runRow(row, key)
    found.set(row.name, result)
    await writeFile(file, `${JSON.stringify(result, null, 2)}\n`)
    console.log(row.name, JSON.stringify(result, null, 2))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    failures.set(row.name, (reason.split('\n')[0] ?? '').replaceAll(tmpdir(), '').slice(0, 200))
    console.error(`${row.name} failed: ${reason}`)
  }
}
const docs = join(import.meta.dirname, '../../docs')
const guides = (await readdir(join(docs, 'frameworks'))).map(name => name.replace('.md', '')).sort()
await writeFile(join(docs, 'frameworks.md'), pageOf(rows, found, failures, guides))
if (rows.some(row => failures.has(row.name) && !row.broken)) process.exitCode = 1
if (names.length === 0 && !isPageOnly) {
  const tests = spawnSync('npx', ['vitest', 'run', '--config', 'test/frameworks/vitest.config.ts'], {
    stdio: 'inherit',
  })
  process.exitCode ||= tests.status ?? 1
}
