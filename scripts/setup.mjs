// Makes `npm run demo` and `npm test` work alone in a fresh clone: installs the dependencies and, with `--browser`, a Chromium,
// with `--s3` an object store.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findBrowser } from './find-browser.mjs'
import { hasS3, s3Packages } from './s3.mjs'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

checkNode()
if (!isInstalled()) {
  console.log('Installing dependencies (npm install)')
  // Not `npm ci`: it refuses a lock file without the native packages of every other platform, which not every registry has.
  run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'])
}
if (process.argv.includes('--browser') && !findBrowser()) installBrowser()
if (process.argv.includes('--s3') && !hasS3()) installS3()

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19)) return
  fail(`Node ${process.versions.node} is too old. Install Node 20.19 or newer, or 22.12 or newer.`)
}

/** npm writes `node_modules/.package-lock.json` last. */
function isInstalled() {
  const mark = join(ROOT, 'node_modules/.package-lock.json')
  return existsSync(mark) && statSync(mark).mtimeMs >= statSync(join(ROOT, 'package-lock.json')).mtimeMs
}

function installBrowser() {
  if (process.env.CHROME_PATH)
    fail(`CHROME_PATH is ${process.env.CHROME_PATH}, which is no program. Correct or unset it.`)
  if (!canInstall()) fail('No Chromium found. Install Chromium or Google Chrome, or set CHROME_PATH to its program.')
  console.log('Installing Chromium (apt-get)')
  install('chromium')
  if (!findBrowser()) fail('apt-get installed Chromium, yet none is on PATH. Set CHROME_PATH to its program.')
}

/** Without it, the tests on it say what is missing, and all others run. */
function installS3() {
  if (!canInstall()) {
    console.log(
      `No object store found, and this is no Debian with root: its tests will fail without ${s3Packages.join(', ')}.`,
    )
    return
  }
  console.log('Installing an object store (apt-get)')
  install(...s3Packages)
}

function canInstall() {
  return existsSync('/etc/debian_version') && process.getuid?.() === 0
}

function install(...packages) {
  const options = ['-qq', '-o', 'DPkg::Lock::Timeout=300']
  run('apt-get', ['update', ...options])
  run('apt-get', ['install', '-y', '--no-install-recommends', ...options, ...packages])
}

/** Silent unless it fails. */
function run(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: Infinity,
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (status === 0) return
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`)
  fail(`\`${[command, ...args].join(' ')}\` failed${error ? `: ${error.message}` : ` with exit code ${status}`}.`)
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
