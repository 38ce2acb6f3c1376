// Makes `npm run demo` and `npm test` work alone in a fresh clone: installs the dependencies and, with `--browser`, a Chromium,
// with `--s3` an object store.
import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findBrowser } from './find-browser.mjs'
import { runStep } from './progress.mjs'
import { hasS3, s3Packages } from './s3.mjs'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

checkNode()
if (!isInstalled()) {
  // Not `npm ci`: it refuses a lock file without the native packages of every other platform, which not every registry has.
  const options = ['--no-save', '--no-audit', '--no-fund', '--no-progress', '--loglevel=http']
  await run('Installing dependencies (npm install)', 'npm', ['install', ...options])
}
if (process.argv.includes('--browser') && !findBrowser()) await installBrowser()
if (process.argv.includes('--s3') && !hasS3()) await installS3()

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

async function installBrowser() {
  if (process.env.CHROME_PATH)
    fail(`CHROME_PATH is ${process.env.CHROME_PATH}, which is not a program. Correct or unset it.`)
  if (!canInstall()) fail('No Chromium found. Install Chromium or Google Chrome, or set CHROME_PATH to its program.')
  await install('Chromium', 'chromium')
  if (!findBrowser()) fail('apt-get installed Chromium, but it is not on PATH. Set CHROME_PATH to its program.')
}

/** Without an object store its own tests fail and say what is missing; all others run. */
async function installS3() {
  if (!canInstall()) {
    console.log(
      `No object store found. It can only be installed as root on Debian (${s3Packages.join(', ')}), so its tests will fail.`,
    )
    return
  }
  await install('an object store', ...s3Packages)
}

function canInstall() {
  return existsSync('/etc/debian_version') && process.getuid?.() === 0
}

async function install(what, ...packages) {
  const options = ['-q', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Dpkg::Use-Pty=0']
  await run('Updating the package lists (apt-get)', 'apt-get', ['update', ...options])
  const args = ['install', '-y', '--no-install-recommends', ...options, ...packages]
  await run(`Installing ${what} (apt-get)`, 'apt-get', args)
}

async function run(label, command, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await runStep(label, command, args, { cwd: ROOT, env }).catch(cause => fail(cause.message))
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
