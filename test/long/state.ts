import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'

/** A digest of all sources as they are now, committed or not; docs are not among them. */
export async function stateOf(root: string): Promise<string> {
  const git = async (...args: string[]) => {
    const { stdout } = await promisify(execFile)('git', ['-C', root, ...args], { maxBuffer: 2 ** 28 })
    return stdout
  }
  const sources = ['packages', 'test', 'playground', 'package.json', 'package-lock.json']
  const parts = [await git('ls-files', '-s', '--', ...sources), await git('diff', 'HEAD', '--', ...sources)]
  return createHash('sha256').update(parts.join('\0')).digest('hex')
}
