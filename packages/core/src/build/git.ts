import { execFile } from 'node:child_process'
import { setValue } from '../options.ts'

/** What git prints; undefined without git, outside a repository, and where it fails. @param cwd a folder of the repository */
export function git(cwd: string, ...args: string[]): Promise<string | undefined> {
  return new Promise(resolve => {
    execFile('git', args, { cwd, timeout: 5000, windowsHide: true }, (error, stdout) =>
      resolve(error ? undefined : setValue(stdout)),
    )
  })
}
