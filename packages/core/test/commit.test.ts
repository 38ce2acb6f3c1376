import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readCommit } from '../src/build/commit.ts'

let folder: string
let first: string
const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim()
const commit = (message: string) => {
  git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-q', '--allow-empty', '-m', message)
  return git('rev-parse', 'HEAD')
}
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commit-'))
  git('init', '-q', '-b', 'main')
  first = commit('Round totals\n\nThey were off by a cent.')
})
afterAll(() => rm(folder, { recursive: true }))

test('git names the commit, its branch and its subject', async () => {
  expect(await readCommit(folder, {})).toEqual({ sha: first, branch: 'main', subject: 'Round totals' })
})

test('of a pull request, the CI system names its own commit and branch', async () => {
  const merge = commit('Merge pull request #7')
  const env = { CI_COMMIT_SHA: merge, CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: first, CI_COMMIT_REF_NAME: 'totals' }
  expect(await readCommit(folder, env)).toEqual({ sha: first, branch: 'totals', subject: 'Round totals' })
})

test('a detached head has no branch', async () => {
  git('checkout', '-q', '--detach')
  expect(await readCommit(folder, {})).not.toHaveProperty('branch')
})

test('what git does not know, the CI system names alone', async () => {
  const sha = 'c0ffee1'.repeat(6).slice(0, 40)
  expect(await readCommit(folder, { GITHUB_SHA: sha, GITHUB_REF_NAME: 'main' })).toEqual({ sha, branch: 'main' })
  expect(await readCommit(tmpdir(), { GITHUB_SHA: 'refs/heads/main' })).toBeUndefined()
})
