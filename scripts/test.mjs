// Runs every test; the last line is `N passed, N failed`. Further arguments go to vitest.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

const scratch = mkdtempSync(join(tmpdir(), 'mapseal-test-'))
const report = join(scratch, 'report.json')
const code = await runVitest(report, process.argv.slice(2))
const { passed, failed, skipped } = count(read(report), code)
rmSync(scratch, { recursive: true, force: true })
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0

async function runVitest(outputFile, args) {
  const manifest = createRequire(import.meta.url).resolve('vitest/package.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${outputFile}`]
  const vitest = spawn(process.execPath, [join(dirname(manifest), 'vitest.mjs'), 'run', ...reporters, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => vitest.kill(signal))
  const [exitCode] = await once(vitest, 'close')
  return exitCode ?? 1
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** A file that could not be loaded counts as a failed test, and so does an error outside any test. */
function count(results, exitCode) {
  const files = results?.testResults ?? []
  const tests = files.flatMap(file => file.assertionResults)
  const has = status => tests.filter(test => test.status === status).length
  const broken = files.filter(file => file.status === 'failed' && !file.assertionResults.some(isFailed)).length
  const failed = has('failed') + broken
  const passed = has('passed')
  return { passed, failed: exitCode !== 0 && failed === 0 ? 1 : failed, skipped: tests.length - passed - has('failed') }
}

function isFailed(test) {
  return test.status === 'failed'
}
