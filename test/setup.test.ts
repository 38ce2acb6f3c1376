import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runStep, stepOf } from '../scripts/progress.mjs'
import { runNode } from './support/command.ts'

/** What `npm run demo` and `npm test` show while they install, with programs on PATH that do as the test says. */

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mapseal-setup-'))
  await cp(join(import.meta.dirname, '../scripts'), join(dir, 'scripts'), { recursive: true })
  await writeFile(join(dir, 'package-lock.json'), '{}')
  await mkdir(join(dir, 'bin'))
})
afterEach(() => rm(dir, { recursive: true }))

const fetched = 'npm http fetch GET 200 https://registry.npmjs.org/vite/-/vite-8.3.8.tgz 86ms (cache miss)'

async function program(name: string, script: string): Promise<void> {
  await writeFile(join(dir, 'bin', name), `#!/bin/sh\n${script}\n`)
  await chmod(join(dir, 'bin', name), 0o755)
}

async function fakeNpm(script: string): Promise<NodeJS.ProcessEnv> {
  await program('npm', script)
  return { PATH: `${join(dir, 'bin')}${delimiter}${process.env.PATH}` }
}

it('installs once, and reports start and end', async () => {
  const env = await fakeNpm('echo "$@" >>calls; mkdir -p node_modules; echo {} >node_modules/.package-lock.json')
  const run = () => runNode([join(dir, 'scripts/setup.mjs')], { cwd: dir, env })
  const { code, stdout, stderr } = await run()
  expect([code, stderr]).toEqual([0, ''])
  const label = 'Installing dependencies \\(npm install\\)'
  expect(stdout).toMatch(new RegExp(`^${label}\\n(${label} · .*\\n)*${label} · done after \\d+ s\\n$`))
  expect(await run()).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(await readFile(join(dir, 'calls'), 'utf8')).toMatch(/^install --no-save [^\n]*\n$/)
})

it('prints everything that npm had to say when it fails, but not what it fetched', async () => {
  const env = await fakeNpm(`echo on stdout; echo '${fetched}' >&2; echo 'npm error code ENOSPC' >&2; exit 7`)
  const { code, stdout, stderr } = await runNode([join(dir, 'scripts/setup.mjs')], { cwd: dir, env })
  expect(code).toBe(1)
  expect(stdout).toMatch(/ · failed after \d+ s\n$/)
  expect(stderr).toContain('npm error code ENOSPC')
  expect(stderr).toContain('on stdout')
  expect(stderr).not.toContain('npm http')
  expect(stderr).toMatch(/`npm install .*`: failed with exit code 7\.\n$/)
})

const isDebianRoot = existsSync('/etc/debian_version') && process.getuid?.() === 0

it.runIf(isDebianRoot)('installs a browser with apt-get, step by step', async () => {
  await fakeNpm('echo {} >node_modules/.package-lock.json')
  await mkdir(join(dir, 'node_modules'))
  const chromium = join(dir, 'bin/chromium')
  await program('apt-get', `if [ "$1" = install ]; then : >'${chromium}'; /bin/chmod +x '${chromium}'; fi`)
  // Without the folders of the system, which may hold a browser.
  const env = { PATH: join(dir, 'bin'), CHROME_PATH: undefined }
  const { code, stdout, stderr } = await runNode([join(dir, 'scripts/setup.mjs'), '--browser'], { cwd: dir, env })
  expect([code, stderr]).toEqual([0, ''])
  expect(
    stdout
      .split('\n')
      .filter(line => line.includes('done'))
      .map(line => line.split(' · ')[0]),
  ).toEqual([
    'Installing dependencies (npm install)',
    'Updating the package lists (apt-get)',
    'Installing Chromium (apt-get)',
  ])
})

it.each([
  { kind: 'a plain line at intervals in a log', isTTY: false, line: /^Installing · \d+ s · vite-8\.3\.8\n$/ },
  {
    kind: 'a line that is rewritten on a terminal',
    isTTY: true,
    line: /^\r\u001B\[KInstalling · \d+ s · vite-8\.3\.8$/,
  },
])('shows $kind, with the package that was fetched last', async ({ isTTY, line }) => {
  const go = join(dir, 'go')
  const env = {
    ...process.env,
    ...(await fakeNpm(`echo '${fetched}' >&2; while [ ! -e '${go}' ]; do sleep 0.05; done`)),
  }
  const written: string[] = []
  const output = { isTTY, columns: 80, write: (text: string) => written.push(text) }
  const step = runStep('Installing', 'npm', ['install'], { cwd: dir, env, output, interval: 10 })
  try {
    await expect.poll(() => written.filter(text => line.test(text)).length).toBeGreaterThan(1)
  } finally {
    await writeFile(go, '')
    await step
  }
  expect(written.at(-1)).toMatch(/Installing · done after \d+ s\n$/)
})

it('says which command could not be started', async () => {
  const options = { cwd: dir, output: { write() {} } }
  await expect(runStep('Installing', join(dir, 'bin/none'), ['x'], options)).rejects.toThrow(/none x`: spawn .*ENOENT/)
})

it.each([
  [fetched, 'vite-8.3.8'],
  ['npm http fetch GET 200 https://mirror.example/npm/@rspack%2fcore 12ms', '@rspack/core'],
  ['npm http fetch GET 200 https://mirror.example/npm/@rspack/core/-/core-2.3.2.tgz 12ms', '@rspack/core-2.3.2'],
  ['npm http cache tsup@https://registry.npmjs.org/tsup/-/tsup-8.5.0.tgz 0ms (cache hit)', 'tsup'],
  ['Unpacking chromium (140.0) ...', 'Unpacking chromium (140.0) ...'],
  ['', undefined],
])('reads the step of %j', (line, step) => {
  expect(stepOf(line)).toBe(step)
})
