import { setValue } from '../options.ts'
import type { Commit } from '../types.ts'
import { namedCommit } from './ci-commit.ts'

/**
 * The commit of a build, for people: by the variables of the CI system, which knows a pull request's own, and by git. Undefined
 * where neither names one.
 */
export async function readCommit(root: string, env: NodeJS.ProcessEnv = process.env): Promise<Commit | undefined> {
  const named = namedCommit(env)
  const format = ['log', '-1', '--no-show-signature', '--encoding=UTF-8', '--format=%H%n%D%n%s']
  // A shallow clone may not have the commit that the variables name.
  const text = await git(root, ...format, ...(named.sha ? [named.sha] : []))
  const [sha = named.sha, refs = '', subject = ''] = text?.split('\n') ?? []
  if (!sha) return undefined
  const branch = named.branch ?? /HEAD -> ([^,]+)/.exec(refs)?.[1]
  return { sha, ...(branch && { branch }), ...(subject && { subject }) }
}

/** What git prints; undefined without git, outside a repository, and where it fails. @param cwd a folder of the repository */
async function git(cwd: string, ...args: string[]): Promise<string | undefined> {
  const { execFile } = await import('node:child_process')
  return new Promise(resolve => {
    execFile('git', args, { cwd, timeout: 5000, windowsHide: true }, (error, stdout) =>
      resolve(error ? undefined : setValue(stdout)),
    )
  })
}
