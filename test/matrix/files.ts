import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import type { Files } from './types.ts'

export async function readFolder(dir: string): Promise<Files> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => [])
  const paths = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  const pairs = paths.sort().map(async path => [toPosix(relative(dir, path)), await readFile(path)] as const)
  return new Map(await Promise.all(pairs))
}

export async function writeFolder(dir: string, files: Files): Promise<void> {
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), bytes)
  }
}

export async function emptyFolder(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true })
  await mkdir(dir, { recursive: true })
}

export function isScript(path: string): boolean {
  return /\.[cm]?js$/.test(path)
}

export function isMap(path: string): boolean {
  return path.endsWith('.map')
}

function toPosix(path: string): string {
  return path.split(sep).join('/')
}
