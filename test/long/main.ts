import { spawn } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { longer, longOnly } from './files.ts'
import { pageOf } from './page.ts'
import type { Result } from './result.ts'
import { stateOf } from './state.ts'

/**
 * Runs the tests that take too long for `npm test`, one file at a time, and writes docs/long-tests.md. What passed with the same
 * sources is passed over, so that a run that was stopped goes on; names of files run those again.
 */

const root = join(import.meta.dirname, '../..')
const temp = join(root, 'test/.tmp')
const store = join(temp, 'long.json')
const files = Object.keys({ ...longOnly, ...longer })
const named = process.argv.slice(2)
const unknown = named.filter(name => !files.some(file => file.includes(name)))
if (unknown.length > 0) throw new Error(`No long test matches ${unknown.join(', ')}.`)

await mkdir(temp, { recursive: true })
const state = await stateOf(root)
const results = new Map<string, Result>(JSON.parse(await readFile(store, 'utf8').catch(() => '[]')))
for (const [index, file] of files.entries()) {
  const known = results.get(file)
  const isNamed = named.some(name => file.includes(name))
  if (named.length > 0 ? !isNamed : known?.state === state && known.failed === 0) continue
  console.log(`\n${file} (${index + 1} of ${files.length})`)
  results.set(file, await run(file))
  await writeFile(store, JSON.stringify([...results]))
}
await writeFile(join(root, 'docs/long-tests.md'), pageOf(results))
const failed = files.filter(file => results.get(file)?.failed !== 0)
const count = (what: 'passed' | 'failed') => files.reduce((sum, file) => sum + (results.get(file)?.[what] ?? 0), 0)
for (const file of failed) console.log(`Failed or not run: ${file}`)
console.log(`${count('passed')} passed, ${count('failed')} failed`)
if (failed.length > 0) process.exitCode = 1

async function run(file: string): Promise<Result> {
  const child = spawn(process.execPath, [join(root, 'scripts/test.mjs'), file], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, MAPSEAL_TESTS: 'long' },
  })
  let output = ''
  for await (const chunk of child.stdout) {
    process.stdout.write(chunk)
    output += chunk
  }
  const [, passed, failed] = /(\d+) passed, (\d+) failed[^\n]*\s*$/.exec(output) ?? []
  return { state, passed: Number(passed ?? 0), failed: Number(failed ?? 1) }
}
