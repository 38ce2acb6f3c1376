import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commitVariables } from '../src/build/ci-commit.ts'
import { detectRelease } from '../src/build/release.ts'

const unset = { name: undefined, dist: undefined }
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'release-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('the option wins, then MAPSEAL_RELEASE, SENTRY_RELEASE, and the CI', async () => {
  const env = { GITHUB_SHA: 'c', SENTRY_RELEASE: 'b', MAPSEAL_RELEASE: 'a' }
  const option = await detectRelease({ name: '1.0', dist: '7' }, folder, env)
  expect(option).toEqual({ name: '1.0', dist: '7', source: 'option' })
  expect(await detectRelease(unset, folder, env)).toEqual({ name: 'a', source: 'MAPSEAL_RELEASE' })
  expect(await detectRelease(unset, folder, { ...env, MAPSEAL_RELEASE: ' ' })).toMatchObject({ name: 'b' })
  expect(await detectRelease(unset, folder, { GITHUB_SHA: 'c' })).toEqual({ name: 'c', source: 'GITHUB_SHA' })
})

test.each(commitVariables)('reads %s', async variable => {
  expect(await detectRelease(unset, folder, { [variable]: 'c0ffee' })).toEqual({ name: 'c0ffee', source: variable })
})

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: templates that a CI left as they were
test.each([
  '',
  '  ',
  '$CI_COMMIT_SHA',
  '${CI_COMMIT_SHA}',
  '${{ github.sha }}',
  '{{ commit }}',
  '%BUILD_VCS%',
  'CI_COMMIT_SHA',
  'undefined',
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above
])('an unfilled template counts as unset: %j', async value => {
  expect(await detectRelease(unset, folder, { CI_COMMIT_SHA: value })).toBeUndefined()
})

test('the last resort is the commit of the repository', async () => {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' })
  git('init', '-q')
  expect(await detectRelease(unset, folder, {})).toBeUndefined()
  git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-q', '--allow-empty', '-m', 'first')
  expect(await detectRelease(unset, folder, {})).toEqual({ name: git('rev-parse', 'HEAD').trim(), source: 'git' })
})

test('false means none', async () => {
  expect(await detectRelease(false, folder, { MAPSEAL_RELEASE: 'a' })).toBeUndefined()
})
