import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { publishedPackages, readJson } from '../scripts/packages.mjs'
import { type Outcome, runNode } from './support/command.ts'

/** `npm run release` on a copy of the files it changes, and whether those files agree. */

const run = promisify(execFile)
const root = dirname(import.meta.dirname)
const changed = ['package.json', '*/package.json', 'package-lock.json', 'packages/core/src/version.ts', 'CHANGELOG.md']
const { version: current } = readJson('packages/core/package.json')

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mapseal-version-'))
  const { stdout } = await run('git', ['ls-files', 'scripts', ...changed], { cwd: root })
  for (const path of stdout.trim().split('\n')) await cp(join(root, path), join(dir, path))
  const changelog = await readFile(join(dir, 'CHANGELOG.md'), 'utf8')
  const unreleased = changelog.replace('## [Unreleased]\n', '## [Unreleased]\n\n### Added\n\n- A test.\n')
  await writeFile(join(dir, 'CHANGELOG.md'), unreleased)
  await git('init', '--quiet')
  await git('add', '.')
  await git('-c', 'user.name=test', '-c', 'user.email=test@example.com', 'commit', '--quiet', '--message', 'copy')
})
afterEach(() => rm(dir, { recursive: true }))

async function git(...args: string[]): Promise<string> {
  return (await run('git', args, { cwd: dir })).stdout
}

function release(...args: string[]): Promise<Outcome> {
  return runNode([join(dir, 'scripts/version.mjs'), ...args], { cwd: dir })
}

it('sets the version of every package, of what depends on it, in the lock file, the constant and the changelog', async () => {
  expect(await release('9.8.7-beta.1')).toMatchObject({ code: 0, stderr: '' })
  const diff = await git('diff', '--unified=0')
  const removed = diff.split('\n').filter(line => /^-[^-]/.test(line))
  const added = diff.split('\n').filter(line => /^\+[^+]/.test(line))
  // Nothing else is touched: each line that goes has the old version, and comes back with the new one.
  const isTitle = (line: string) => /^[+-](?:## )?\[/.test(line)
  expect(removed.filter(line => !isTitle(line)).map(line => line.slice(1).replace(current, '9.8.7-beta.1'))).toEqual(
    added.filter(line => !isTitle(line)).map(line => line.slice(1)),
  )
  expect(removed.length).toBeGreaterThan(2 * publishedPackages().length)

  const paths = (await git('diff', '--name-only')).trim().split('\n')
  const expected = [
    'CHANGELOG.md',
    'package-lock.json',
    'packages/core/src/version.ts',
    'playground/package.json',
    ...publishedPackages().map(each => `${each.dir}/package.json`),
  ]
  expect(paths.sort()).toEqual(expected.sort())
  expect(await readFile(join(dir, 'CHANGELOG.md'), 'utf8')).toMatch(
    /\n## \[Unreleased\]\n\n## \[9\.8\.7-beta\.1\] - \d{4}-\d\d-\d\d\n\n### /,
  )
})

it.each(['1.2', 'v1.2.3', '01.2.3', '1.2.3-', '1.2.3-01', 'latest', ''])('refuses the version %j', async version => {
  const { code, stderr } = await release(version)
  expect([code, stderr]).toEqual([1, `"${version}" is not a semantic version such as 1.2.3 or 2.0.0-beta.1.\n`])
})

it('refuses the version that is there already', async () => {
  expect(await release(current)).toMatchObject({ code: 1, stderr: `The version is ${current} already.\n` })
})

it('refuses a tree with changes, and names them', async () => {
  await writeFile(join(dir, 'new.txt'), '')
  const { code, stderr } = await release('9.8.7')
  expect([code, stderr]).toEqual([1, 'The working tree has changes. Commit or stash them first:\n?? new.txt\n\n'])
  expect(await git('diff', '--stat')).toBe('')
})

it('refuses a release without a word about it, before it changes anything', async () => {
  expect((await release('9.8.7')).code).toBe(0)
  await git('-c', 'user.name=test', '-c', 'user.email=test@example.com', 'commit', '--quiet', '--all', '--message', 'x')
  const { code, stderr } = await release('9.8.8')
  expect(code).toBe(1)
  expect(stderr).toContain('nothing under "## [Unreleased]"')
  expect(await git('status', '--porcelain')).toBe('')
})

it('holds one version: in the constant, in every manifest, and for every package of ours that one needs', async () => {
  const { version } = await import('@mapseal/core')
  const names = publishedPackages().map(({ name }) => name)
  expect(publishedPackages().map(each => each.version)).toEqual(names.map(() => version))
  for (const { dir: folder } of publishedPackages()) {
    const { dependencies = {}, peerDependencies = {} } = readJson(`${folder}/package.json`)
    const needed = Object.entries({ ...dependencies, ...peerDependencies }).filter(([name]) => names.includes(name))
    expect(needed, folder).toEqual(needed.map(([name]) => [name, version]))
  }
})
