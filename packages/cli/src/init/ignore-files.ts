import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A file as it is and as it is to be; `before` is undefined where there is none yet. */
export interface FileChange {
  path: string
  before: string | undefined
  after: string
}

const line = '.mapseal/'

/** Keeps the vault out of the repository, and out of images where some are made. */
export async function ignoreVault(cwd: string): Promise<FileChange[]> {
  const isImage = existsSync(join(cwd, 'Dockerfile'))
  const files = ['.gitignore', ...(isImage || existsSync(join(cwd, '.dockerignore')) ? ['.dockerignore'] : [])]
  const changes = await Promise.all(files.map(path => withLine(cwd, path)))
  return changes.filter(change => change !== undefined)
}

async function withLine(cwd: string, path: string): Promise<FileChange | undefined> {
  const before = await readFile(join(cwd, path), 'utf8').catch(() => undefined)
  if (before?.split(/\r?\n/).some(each => /^(?:\*\*\/|\/)?\.mapseal\/?$/.test(each.trim()))) return undefined
  const gap = before === undefined || before === '' || before.endsWith('\n') ? '' : '\n'
  return { path, before, after: `${before ?? ''}${gap}${line}\n` }
}
