import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { openVault } from '@mapseal/core'

/** A file as it is and as it is to be; `before` is undefined where there is none yet. */
export interface FileChange {
  /** Relative to the project. */
  path: string
  before: string | undefined
  after: string
}

/** Keeps the vault out of the repository, and out of images where some are made. In a workspace it is beside the lock file. */
export async function ignoreVault(cwd: string): Promise<FileChange[]> {
  const { location } = openVault(undefined, cwd)
  const folder = dirname(location)
  const isImage = [cwd, folder].some(each => existsSync(join(each, 'Dockerfile')))
  const files = ['.gitignore', ...(isImage || existsSync(join(folder, '.dockerignore')) ? ['.dockerignore'] : [])]
  const changes = await Promise.all(files.map(file => withLine(join(folder, file), `${basename(location)}/`)))
  return changes
    .filter(change => change !== undefined)
    .map(change => ({ ...change, path: posixFrom(cwd, change.path) }))
}

async function withLine(path: string, line: string): Promise<FileChange | undefined> {
  const before = await readFile(path, 'utf8').catch(() => undefined)
  if (before?.split(/\r?\n/).some(each => /^(?:\*\*\/|\/)?\.mapseal\/?$/.test(each.trim()))) return undefined
  const gap = before === undefined || before === '' || before.endsWith('\n') ? '' : '\n'
  return { path, before, after: `${before ?? ''}${gap}${line}\n` }
}

function posixFrom(cwd: string, path: string): string {
  return relative(cwd, path).split(sep).join('/')
}
