import { type ExecFileException, execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { MapsealError } from '@mapseal/core'
import { withoutCredentials } from '../../vendor/without-credentials.ts'

/** A commit as Sentry takes it. */
export interface Commit {
  patch_set: { path: string; type: 'A' | 'M' | 'D' }[]
  repository: string
  author_name: string
  author_email: string
  /** ISO 8601 with the author's offset. */
  timestamp: string
  message: string
  id: string
}

/** Runs git in one folder. @throws MapsealError with git's message */
export type Git = (args: string[], input?: string) => Promise<string>

/** Longer than anyone would wait for a build's commits. */
const TIMEOUT_MS = 30_000
const MAX_OUTPUT = 64 * 1024 * 1024

/** Git for the repository that `root` is in. @throws MapsealError where there is none, no git, or none that it reads */
export async function openGit(root: string, env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<Git> {
  // Looked up in the file system, since git has the same exit code for "no repository" and "not yours to read".
  if (!env.GIT_DIR && !isInRepository(root)) {
    throw new MapsealError('sentry', 'There is no git repository here: no .git in this folder or above it.')
  }
  const git: Git = (args, input) => run(args, { cwd: root, env, signal }, input)
  await git(['rev-parse', '--git-dir'])
  return git
}

function isInRepository(root: string): boolean {
  for (let folder = resolve(root); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return true
    if (dirname(folder) === folder) return false
  }
}

interface Place {
  cwd: string
  env: NodeJS.ProcessEnv
  signal: AbortSignal | undefined
}

function run(args: string[], { cwd, env, signal }: Place, input = ''): Promise<string> {
  const options = {
    cwd,
    signal,
    // No questions, no locks, and no fetching of what a partial clone left out.
    env: { ...env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', GIT_NO_LAZY_FETCH: '1' },
    timeout: TIMEOUT_MS,
    maxBuffer: MAX_OUTPUT,
    windowsHide: true,
  }
  return new Promise((resolve, reject) => {
    const child = execFile('git', args, options, (error, stdout, stderr) => {
      if (error) reject(gitError(error, stderr))
      else resolve(stdout)
    })
    // It may have ended before it read; then its exit code says why.
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
  })
}

function gitError(error: ExecFileException, stderr: string): MapsealError {
  const options = { cause: error }
  if (String(error.code) === 'ENOENT') return new MapsealError('sentry', 'The git command is not installed.', options)
  if (String(error.code) === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
    return new MapsealError('sentry', 'Git listed more than 64 MB of changes.', options)
  if (error.killed) return new MapsealError('sentry', `Git took longer than ${TIMEOUT_MS / 1000} s.`, options)
  const message = stderr.trim().replace(/\s+/g, ' ').slice(0, 300)
  return new MapsealError('sentry', `Git failed: ${withoutCredentials(message) || error.code}.`, options)
}

/** The full hash of a commit, tag or branch. @throws MapsealError where the repository has none of that name */
export async function resolveCommit(git: Git, revision: string): Promise<string> {
  if (/^[0-9a-f]{40}$|^[0-9a-f]{64}$/i.test(revision)) return revision.toLowerCase()
  const problem = new MapsealError('sentry', `The git repository has no commit ${JSON.stringify(revision)}.`)
  if (revision.startsWith('-')) throw problem
  const text = await git(['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]).catch(() => {
    throw problem
  })
  return text.trim()
}

/** By name, the preferred one first; as git would use them, `insteadOf` and all. */
export async function remoteUrls(git: Git, preferred: string): Promise<string[]> {
  const names = (await git(['remote'])).split('\n').filter(Boolean)
  const ordered = [...names.filter(name => name === preferred), ...names.filter(name => name !== preferred)]
  const urls: string[] = []
  for (const name of ordered.slice(0, 10)) {
    const url = await git(['ls-remote', '--get-url', '--', name]).catch(() => '')
    if (url.trim()) urls.push(url.trim())
  }
  return urls
}

/** Where a shallow clone ends; empty for a whole one. */
export async function shallowCommits(git: Git, root: string): Promise<Set<string>> {
  const path = (await git(['rev-parse', '--git-path', 'shallow'])).replace(/\n$/, '')
  const text = await readFile(resolve(root, path), 'utf8').catch(() => '')
  return new Set(text.split('\n').filter(Boolean))
}

/** Whether `commit` is `HEAD` or before it, in what was cloned. */
export async function isInHistory(git: Git, commit: string): Promise<boolean> {
  if (!/^[0-9a-f]{7,64}$/i.test(commit)) return false
  return git(['merge-base', '--is-ancestor', commit, 'HEAD']).then(
    () => true,
    (error: MapsealError) => {
      // 1 is "no", 128 "no such commit"; anything else is not an answer.
      const { code } = error.cause as { code?: unknown }
      if (code === 1 || code === 128) return false
      throw error
    },
  )
}

const FIELDS = ['%H', '%P', '%an', '%ae', '%aI', '%B']

/** Newest first: those after `since`, else the newest, at most `limit` of them. */
export async function listCommits(
  git: Git,
  { since, limit, repository, shallow }: { since?: string; limit: number; repository: string; shallow: Set<string> },
): Promise<Commit[]> {
  const range = since === undefined ? ['HEAD'] : ['HEAD', `^${since}`]
  const format = `--format=tformat:${FIELDS.join('%x00')}`
  const options = ['--no-color', '--no-show-signature', '--no-patch', '--encoding=UTF-8', `--max-count=${limit}`]
  const values = (await git(['log', '-z', format, ...options, ...range, '--'])).split('\0')
  const commits: Commit[] = []
  const pairs: string[] = []
  for (let at = 0; at + FIELDS.length <= values.length; at += FIELDS.length) {
    const [id = '', parents = '', author_name = '', author_email = '', date = '', message = ''] = values.slice(at)
    const timestamp = date.replace(/Z$/, '+00:00')
    commits.push({ patch_set: [], repository, author_name, author_email, timestamp, message, id })
    // To git a clone's end added every file there is; that would blame it for everything.
    if (!shallow.has(id)) pairs.push(`${id} ${parents.split(' ')[0]}`.trim())
  }
  const changes = await changesOf(git, pairs)
  return commits.map(commit => ({ ...commit, patch_set: changes.get(commit.id) ?? [] }))
}

/** The files that each commit changed against its first parent, so that a merge has those that it brought. */
async function changesOf(git: Git, pairs: string[]): Promise<Map<string, Commit['patch_set']>> {
  const changes = new Map<string, Commit['patch_set']>()
  if (pairs.length === 0) return changes
  const args = ['diff-tree', '--stdin', '-z', '-r', '--root', '--name-status', '--no-renames']
  const values = (await git(args, `${pairs.join('\n')}\n`)).split('\0')
  let current: Commit['patch_set'] = []
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? ''
    if (/^[0-9a-f]{40,64}$/.test(value)) {
      current = []
      changes.set(value, current)
    } else if (value) {
      at += 1
      // Of the other letters, such as T where a file became a link, the server knows none.
      current.push({ path: values[at] ?? '', type: value === 'A' || value === 'D' ? value : 'M' })
    }
  }
  return changes
}
