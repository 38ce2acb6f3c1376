import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export interface TestRepository {
  dir: string
  git(...args: string[]): string
  /** Writes files, commits them and gives the commit's hash. */
  commit(message: string, files: Record<string, string>): string
}

let clock = Date.UTC(2026, 0, 1) / 1000

const folders: string[] = []

export function makeFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'commits-')))
  folders.push(folder)
  return folder
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

export function makeRepository(dir: string = makeFolder()): TestRepository {
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: dir,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: dir, GIT_CONFIG_NOSYSTEM: '1', ...dates() },
    }).trim()
  git('init', '--quiet', '--initial-branch=main')
  git('config', 'user.name', 'Dev "One" Ünal')
  git('config', 'user.email', 'dev@example.com')
  const commit = (message: string, files: Record<string, string>) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true })
      writeFileSync(join(dir, path), text)
    }
    git('add', '--all')
    git('commit', '--quiet', '--allow-empty', '--message', message)
    return git('rev-parse', 'HEAD')
  }
  return { dir, git, commit }
}

/** One minute after another, two hours east. */
function dates(): Record<string, string> {
  clock += 60
  return { GIT_AUTHOR_DATE: `${clock} +0200`, GIT_COMMITTER_DATE: `${clock} +0200` }
}
